import { SetupError } from '../cli/setup-error';
import { sumOf } from '../domain/counters/difference';
import { dimensionNamed } from '../domain/counters/dimensions';
import { formatWindow, type WindowSize, windowMs } from '../domain/counters/window';
import { queryOf, type Range } from '../table/queries';
import { readView, type ViewedItem, type ViewPorts } from '../table/view';
import {
  type AggregateQuery,
  type AggregateRow,
  coarsestWindow,
  countsOf,
  readAggregates,
  rowsOf,
  topValues,
} from './aggregates-reader';
import type { TimeZone } from './time-zone';

/**
 * Reads the aggregates by the windows of a time zone: its minutes are those of UTC, and its hours and days are added up
 * from hours of UTC; where those do not fit, because the zone is a part of an hour from UTC, from minutes.
 *
 * @throws SetupError if it takes minutes, and not all of them are kept
 */
export async function readZonedAggregates(
  { dimension: name, window, ...range }: AggregateQuery,
  zone: TimeZone,
  ports: ViewPorts,
): Promise<AggregateRow[]> {
  const dimension = dimensionNamed(name);
  const startOf = (start: number): number => startOfWindow(window, start, zone);
  const queries = (sizes: readonly WindowSize[]) => sizes.map((size) => queryOf(dimension, size, range));
  let items: readonly ViewedItem[];
  if (window === 'minute') {
    ({ items } = await readView(queries(['minute']), ports));
  } else {
    ({ items } = await readView(queries(['hour']), ports));
    if (!hoursFit(items, range, zone)) {
      // In one view, so that what is counted meanwhile does not tell them apart.
      const view = await readView(queries(['hour', 'minute']), ports);
      items = view.items.filter(({ size }) => size === 'minute');
      const since = completeSince(name, view.items, range);
      if (since !== undefined) throw incomplete(zone, since);
    }
  }
  return rowsOf(dimension, countsOf(dimension, items, startOf), zone.format);
}

/**
 * The values with the largest counts over a range whose bounds are a zone's. Within them its hours do not matter, so that
 * the longest windows serve that the bounds allow.
 *
 * @throws SetupError if it takes minutes, and not all of them are kept
 */
export async function topZonedValues(
  { dimension, from, to }: Omit<AggregateQuery, 'window'>,
  top: number,
  zone: TimeZone,
  ports: ViewPorts,
): Promise<Omit<AggregateRow, 'window'>[]> {
  const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const window = coarsestWindow(from, to);
  const rows =
    window === 'minute'
      ? await readZonedAggregates({ dimension, window: 'hour', ...range }, zone, ports)
      : await readAggregates({ dimension, window, ...range }, ports);
  return topValues(rows, top);
}

/** When the window of a zone began that an instant lies in. */
export function startOfWindow(size: WindowSize, at: number, zone: TimeZone): number {
  if (size === 'day') return zone.startOfDate(zone.dateAt(at));
  const shown = at + zone.offsetMs(at);
  return at - (((shown % windowMs[size]) + windowMs[size]) % windowMs[size]);
}

/** Whether hours of UTC are hours of the zone, and bounds lie between them. */
export function hoursFit(
  items: readonly Pick<ViewedItem, 'start'>[],
  { from, to }: Range,
  zone: TimeZone,
): boolean {
  const isWhole = (at: number | undefined): boolean =>
    at === undefined || (at % windowMs.hour === 0 && zone.offsetMs(at) % windowMs.hour === 0);
  // Clocks may change within an hour of UTC, at its half.
  const isWholeThroughout = ({ start }: Pick<ViewedItem, 'start'>): boolean =>
    isWhole(start) && zone.offsetMs(start) === zone.offsetMs(start + windowMs.hour - 1);
  return isWhole(from) && isWhole(to) && items.every(isWholeThroughout);
}

/**
 * From when on the minutes of each hour add up to it, if not from the first. Minutes are kept for less long than hours, and
 * events that come later than that count in no minute.
 *
 * @param items minutes and hours of one view
 */
export function completeSince(
  dimension: string,
  items: readonly ViewedItem[],
  { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: Range = {},
): number | undefined {
  const missing = new Map<number, number>();
  for (const { size, start, content } of items) {
    const counts = content.counts.get(dimension);
    if (!counts) continue;
    const hour = start - (((start % windowMs.hour) + windowMs.hour) % windowMs.hour);
    const count = size === 'hour' ? sumOf(counts) : -sumOf(counts);
    missing.set(hour, (missing.get(hour) ?? 0) + count);
  }
  let since: number | undefined;
  for (const [hour, count] of missing) {
    const isWhole = hour >= from && hour + windowMs.hour <= to;
    if (isWhole && count !== 0) since = Math.max(since ?? hour, hour + windowMs.hour);
  }
  return since;
}

function incomplete(zone: TimeZone, since: number): SetupError {
  return new SetupError(
    `--time-zone ${zone.name} is a part of an hour from UTC, so that its hours and days are added up from minutes, and not all of those are kept; allowed: --from ${formatWindow(since)} or later, or --window minute`,
  );
}
