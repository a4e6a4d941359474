import { dimensionNamed } from '../domain/counters/dimensions';
import { formatWindow, windowMs, windowStart } from '../domain/counters/window';
import { lateAfterMs } from '../domain/event/click-event';
import { eventsOf } from '../report/aggregates-reader';
import { queryOf } from '../table/queries';
import type { Health } from './answers';
import type { ApiPorts } from './ports';

/** `GET /api/health`. */
export async function readHealth({ views, health, now }: ApiPorts): Promise<Health> {
  const at = now();
  const thisMinute = windowStart('minute', at);
  const from = thisMinute - windowMs.hour + windowMs.minute;
  const to = windowStart('hour', at - lateAfterMs);
  const day = { from: to - windowMs.day, to };
  // They share an item a window.
  const total = dimensionNamed('total');
  const [{ items, shards }, entries, rest] = await Promise.all([
    views.read([queryOf(total, 'minute', { from }), queryOf(total, 'hour', day)]),
    views.entries(),
    health(),
  ]);
  const minutes = items.filter(({ size }) => size === 'minute');
  const hours = items.filter(({ size }) => size === 'hour');
  const listed = shards.map(({ shardKey: shard, countedUntil }) => ({
    shard,
    ...(countedUntil === undefined ? {} : { countedUntil: formatWindow(countedUntil) }),
  }));
  const settled = new Set(entries.filter(({ isSettled }) => isSettled).map(({ shardKey }) => shardKey));
  const countedUntil = latestOfAll(
    shards.filter(({ shardKey }) => !settled.has(shardKey)).map((shard) => shard.countedUntil),
    shards.map((shard) => shard.countedUntil),
  );
  return {
    now: formatWindow(at),
    ...(countedUntil === undefined ? {} : { countedUntil: formatWindow(countedUntil) }),
    shards: listed.sort((a, b) => (a.shard < b.shard ? -1 : 1)),
    lastHour: {
      clicks: eventsOf(minutes, 'total'),
      invalid: eventsOf(minutes, 'invalid'),
      duplicates: eventsOf(minutes, 'duplicate'),
    },
    lateness: {
      from: formatWindow(day.from),
      to: formatWindow(day.to),
      clicks: eventsOf(hours, 'total'),
      late: eventsOf(hours, 'late'),
    },
    ...rest,
  };
}

/** What every shard has counted that something may still come to; of a stream that is idle, what any has. */
function latestOfAll(
  active: readonly (number | undefined)[],
  all: readonly (number | undefined)[],
): number | undefined {
  const counted = active.filter((at) => at !== undefined);
  if (counted.length > 0) return counted.length === active.length ? Math.min(...counted) : undefined;
  const ever = all.filter((at) => at !== undefined);
  return active.length > 0 || ever.length === 0 ? undefined : Math.max(...ever);
}
