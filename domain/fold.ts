import { type CounterKey, counterKey } from './counter-item';
import { type CounterValue, counterValue } from './counter-value';
import { dimensions } from './dimensions';
import { fnv1a } from './hash';
import { type Position, positionOf } from './position';
import { type Reading, readRecord } from './record';
import { type WindowSize, windowSizes, windowStart } from './window';

/** A record of one shard, as it reaches a consumer. */
export interface ShardRecord {
  readonly sequenceNumber: string;
  readonly data: Uint8Array;
  /** Epoch milliseconds at which the stream took the record. */
  readonly arrivedAt: number;
}

/** One event that one item counts. */
export interface Entry extends CounterValue {
  readonly position: Position;
  readonly sequenceNumber: string;
  readonly arrivedAt: number;
}

/** What one item of the table has to count from a batch, in the order of the shard. */
export interface ItemRun {
  readonly key: CounterKey;
  readonly window: WindowSize;
  readonly entries: readonly Entry[];
}

export interface Fold {
  readonly runs: readonly ItemRun[];
  readonly valid: number;
  readonly late: number;
  readonly invalidByReason: ReadonlyMap<string, number>;
}

/**
 * Folds records of one shard, in its order, into what each item of the table has to count. Pure: a redelivery and
 * a rebuild from the archive come to the same.
 *
 * @param shard the shard's name, unique over streams: `stream/shardId`
 */
export function fold(shard: string, records: readonly ShardRecord[]): Fold {
  const runs = new Map<string, OpenRun>();
  const invalidByReason = new Map<string, number>();
  let valid = 0;
  let late = 0;
  for (const { sequenceNumber, data, arrivedAt } of records) {
    readRecord(data, arrivedAt).forEach((reading, index) => {
      if (reading.ok) valid++;
      else invalidByReason.set(reading.reason, (invalidByReason.get(reading.reason) ?? 0) + 1);
      if (reading.ok && reading.late) late++;
      const place = { position: positionOf(sequenceNumber, index), sequenceNumber, arrivedAt };
      for (const counted of countedValues(reading, arrivedAt)) {
        const key = counterKey(counted.dimension, counted.bucket, counted.window, counted.start, shard);
        runOf(runs, key, counted.window).entries.push({ ...place, ...counted.value });
      }
    });
  }
  return { runs: [...runs.values()], valid, late, invalidByReason };
}

interface OpenRun extends ItemRun {
  readonly entries: Entry[];
}

function runOf(runs: Map<string, OpenRun>, key: CounterKey, window: WindowSize): OpenRun {
  const id = `${key.pk} ${key.sk}`;
  const known = runs.get(id);
  if (known) return known;
  const run: OpenRun = { key, window, entries: [] };
  runs.set(id, run);
  return run;
}

interface Counted {
  readonly dimension: string;
  readonly bucket: number;
  readonly window: WindowSize;
  readonly start: number;
  readonly value: CounterValue;
}

/** An invalid line has no time of its own that could be trusted, so it counts when it arrived. */
function countedValues(reading: Reading, arrivedAt: number): Counted[] {
  const at = reading.ok ? reading.at : arrivedAt;
  return dimensions.flatMap((dimension) => {
    const raw = dimension.valueOf(reading);
    if (raw === undefined) return [];
    const value = counterValue(raw);
    const bucket = dimension.buckets === 1 ? 0 : fnv1a(value.value) % dimension.buckets;
    return windowSizes.map((window) => ({
      dimension: dimension.name,
      bucket,
      window,
      start: windowStart(window, at),
      value,
    }));
  });
}
