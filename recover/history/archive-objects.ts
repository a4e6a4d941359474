import { windowMs, windowStart } from '../../domain/counters/window';
import type { ObjectInfo, ObjectStore } from '../objects/object-store';
import { arrivalSlackMs } from '../shard-log';

/** An interval of arrivals in epoch milliseconds, both ends included. */
export interface Arrivals {
  readonly from: number;
  readonly to: number;
}

/** By how much the clocks of stream and bucket may differ. */
export const clockSkewMs = 15 * 60_000;

/**
 * Objects below a prefix that may hold records of these arrivals, in the order of the hours under which they are filed.
 * Firehose files an object under the hour of its oldest record and writes it after its newest: so it is neither of a later
 * hour, nor was it written earlier. How far back its oldest record may lie is as long as a shard may lag behind another.
 *
 * @param longestLagMs the stream's retention
 */
export async function* objectsOf(
  store: ObjectStore,
  prefix: string,
  { from, to }: Arrivals,
  longestLagMs: number,
): AsyncGenerator<ObjectInfo> {
  // Its arrivals may be told otherwise than the stream tells them, by a second or so.
  const lastHour = hourFolder(to + arrivalSlackMs);
  for await (const object of store.list(prefix, prefix + hourFolder(Math.max(from - longestLagMs, 0)))) {
    if (object.key.slice(prefix.length, prefix.length + lastHour.length) > lastHour) return;
    if (object.writtenAt >= from - clockSkewMs) yield object;
  }
}

/** The hours under which a prefix has objects, in epoch milliseconds: each is looked for behind the one before. */
export async function* hoursWithObjects(
  store: ObjectStore,
  prefix: string,
  { from, to }: Arrivals,
): AsyncGenerator<number> {
  for (let at = windowStart('hour', from); at <= to; ) {
    const next = await firstOf(store.list(prefix, prefix + hourFolder(at)));
    const hour = next && hourOf(next.key);
    if (hour === undefined || hour > to) return;
    yield hour;
    at = hour + windowMs.hour;
  }
}

async function firstOf<T>(list: AsyncIterable<T>): Promise<T | undefined> {
  for await (const one of list) return one;
  return undefined;
}

/** `year=2026/month=03/day=01/hour=10/`, as the delivery stream's prefix has it. */
export function hourFolder(instant: number): string {
  const [year, month, day, hour] = hourParts(instant);
  return `year=${year}/month=${month}/day=${day}/hour=${hour}/`;
}

/** Year, month, day and hour in UTC, as objects are filed: `2026`, `03`, `01`, `09`. */
export function hourParts(instant: number): string[] {
  return new Date(instant).toISOString().split(/[-T:]/, 4);
}

/** The hour under which an object is filed, in epoch milliseconds; undefined for a key of another form. */
export function hourOf(key: string): number | undefined {
  const [, year, month, day, hour] = /year=(\d+)\/month=(\d+)\/day=(\d+)\/hour=(\d+)\//.exec(key) ?? [];
  return hour === undefined ? undefined : Date.parse(`${year}-${month}-${day}T${hour}:00:00Z`);
}
