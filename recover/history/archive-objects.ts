import { windowMs } from '../../domain/window';
import type { ObjectInfo, ObjectStore } from '../objects/object-store';

/** An interval of arrivals in epoch milliseconds, both ends included. */
export interface Arrivals {
  readonly from: number;
  readonly to: number;
}

/** By how much the clocks of stream and bucket may differ. */
const clockSkewMs = 15 * 60_000;
const msPerDay = 86_400_000;

/**
 * Objects below a prefix that may hold records of these arrivals. Firehose files an object under the hour of its
 * oldest record and writes it after its newest: so it is neither of a later hour, nor was it written earlier. How far
 * back its oldest record may lie is as long as a shard may lag behind another.
 *
 * @param longestLagMs the stream's retention
 */
export async function* objectsOf(
  store: ObjectStore,
  prefix: string,
  { from, to }: Arrivals,
  longestLagMs: number,
): AsyncGenerator<ObjectInfo> {
  const lastHour = hourFolder(to);
  for (let day = startOfDay(from - longestLagMs); day <= to; day += msPerDay) {
    for await (const object of store.list(`${prefix}${dayFolder(day)}`)) {
      const hour = object.key.slice(prefix.length, prefix.length + lastHour.length);
      if (hour <= lastHour && object.writtenAt >= from - clockSkewMs) yield object;
    }
  }
}

function startOfDay(instant: number): number {
  return Math.floor(instant / msPerDay) * msPerDay;
}

/** `year=2026/month=03/day=01/`, as the delivery stream's prefix has it. */
function dayFolder(instant: number): string {
  const [year, month, day] = new Date(instant).toISOString().slice(0, 10).split('-');
  return `year=${year}/month=${month}/day=${day}/`;
}

function hourFolder(instant: number): string {
  const hour = new Date(Math.floor(instant / windowMs.hour) * windowMs.hour).toISOString().slice(11, 13);
  return `${dayFolder(instant)}hour=${hour}/`;
}
