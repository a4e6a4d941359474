import type { AggregationSettings } from '../../contract/aggregation-settings';
import { archivePrefix } from '../../contract/bucket-prefixes';
import { summaryGroup, windowId } from '../../domain/counters/item';
import { type WindowSize, windowMs, windowSizes, windowStart } from '../../domain/counters/window';
import { maxFutureMs } from '../../domain/event/click-event';
import type { LogTable } from '../../table/log-table';
import { readView } from '../../table/view';
import { hoursWithObjects } from '../history/archive-objects';
import type { HistoryPorts } from '../history/history';

export interface RangePorts extends HistoryPorts {
  readonly table: LogTable;
  readonly settings: AggregationSettings;
}

/** Windows that start in an interval of epoch milliseconds, its end not included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Windows that are compared at once: of an hour its minutes and itself, or one that is longer. */
export interface RangePart extends Range {
  readonly sizes: readonly WindowSize[];
  /** All events that may count in them, by event time; the end is not included. */
  readonly events: Range;
}

const longSizes = windowSizes.filter((size) => windowMs[size] > windowMs.hour);
const monthMs = 31 * windowMs.day;
/** Events of these last hours may be neither in the table nor in the archive. */
const recentMs = 2 * windowMs.hour;

/**
 * Divides a range into parts that are small enough for memory, without hours and days of which neither table nor archive
 * have anything.
 */
export async function* partsOf(range: Range, ports: RangePorts): AsyncGenerator<RangePart> {
  const given = new Set<string>();
  for (let from = windowStart('day', range.from); from < range.to; from += monthMs) {
    const month = { from: Math.max(from, range.from), to: Math.min(from + monthMs, range.to) };
    const hours = await hoursIn(month, ports);
    const days = new Set([...hours].map((hour) => windowStart('day', hour)));
    for (const day of [...days].sort((a, b) => a - b)) {
      const next = day + windowMs.day;
      for (const size of longSizes) {
        const start = windowStart(size, day);
        const name = windowId({ size, start });
        if (given.has(name) || start < range.from || start >= range.to) continue;
        given.add(name);
        const events = { from: start, to: start + windowMs[size] };
        yield { sizes: [size], from: start, to: start + 1, events };
      }
      for (let hour = day; hour < next; hour += windowMs.hour) {
        if (!hours.has(hour)) continue;
        const events = { from: hour, to: hour + windowMs.hour };
        const [start, end] = [Math.max(hour, month.from), Math.min(events.to, month.to)];
        if (start < end) yield { sizes: ['minute', 'hour'], from: start, to: end, events };
      }
    }
  }
}

/** The hours of which there may be something: events count in the hour of their arrival or in one beside it, or late. */
async function hoursIn({ from, to }: Range, ports: RangePorts): Promise<ReadonlySet<number>> {
  const hours = new Set<number>();
  const add = (at: number): void => void hours.add(windowStart('hour', at));
  const begin = windowStart('day', from);
  const found = await readView(
    (['hour', 'day'] as const).map((size) => ({ group: summaryGroup, buckets: 1, size, from: begin, to })),
    ports,
  );
  for (const { start } of found.items) add(start);
  for await (const hour of hoursWithObjects(ports.archive, archivePrefix, {
    from: begin - windowMs.hour,
    to: to + windowMs.hour,
  })) {
    for (const at of [hour - windowMs.hour, hour, hour + windowMs.hour]) add(at);
  }
  const now = ports.now();
  const recent = windowStart('hour', Math.max(now - recentMs, from));
  for (let at = recent; at <= now + maxFutureMs && at < to; at += windowMs.hour) add(at);
  return hours;
}
