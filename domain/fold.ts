import { type CounterKey, counterKey } from './counter-item';
import { type CounterValue, counterValue } from './counter-value';
import { dimensions } from './dimensions';
import { fnv1a } from './hash';
import { eventIndex, type Position, positionOf } from './position';
import { type Reading, readStreamRecord } from './record';
import { type WindowSize, windowSizes, windowStart } from './window';

/** A record of one shard, as it reaches a consumer. */
export interface ShardRecord {
  readonly sequenceNumber: string;
  readonly data: Uint8Array;
  /** Epoch milliseconds at which the stream took the record. */
  readonly arrivedAt: number;
}

/**
 * The events of one record that one item counts under one value. Grouped, because a record may hold half a million
 * lines that all count alike; and never beyond a record, so that a redelivery finds the same groups however the
 * records are cut into batches.
 */
export interface Entry {
  /** Of the first of the events. A group is counted whole or not at all, so it stands for all of them. */
  readonly position: Position;
  readonly sequenceNumber: string;
  readonly arrivedAt: number;
  readonly value: string;
  readonly count: number;
  /** How many of the events had a value that was cut. */
  readonly cut: number;
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
  const count = (reading: Reading, index: number, record: ShardRecord): void => {
    if (reading.ok) valid++;
    else invalidByReason.set(reading.reason, (invalidByReason.get(reading.reason) ?? 0) + 1);
    if (reading.ok && reading.late) late++;
    for (const counted of countedValues(reading, record.arrivedAt)) {
      runOf(runs, counted, shard).add(counted.value, record, index);
    }
  };
  for (const record of records) {
    for (const [subsequence, readings] of readStreamRecord(record.data, record.arrivedAt).entries()) {
      for (const [line, reading] of readings.entries()) {
        count(reading, eventIndex(subsequence, line), record);
      }
    }
  }
  return { runs: [...runs.values()], valid, late, invalidByReason };
}

/** A run that is still being filled. */
class OpenRun implements ItemRun {
  readonly entries: { -readonly [Name in keyof Entry]: Entry[Name] }[] = [];
  /** The entries of the last record by value; made only when a record has a second event for this item. */
  private byValue: Map<string, (typeof this.entries)[number]> | undefined;

  constructor(
    readonly key: CounterKey,
    readonly window: WindowSize,
  ) {}

  add({ value, cut }: CounterValue, { sequenceNumber, arrivedAt }: ShardRecord, index: number): void {
    const last = this.entries.at(-1);
    const isSameRecord = last?.sequenceNumber === sequenceNumber;
    if (!isSameRecord) this.byValue = undefined;
    else this.byValue ??= new Map([[last.value, last]]);

    const known = this.byValue?.get(value);
    if (known) {
      known.count++;
      if (cut) known.cut++;
      return;
    }
    const position = positionOf(sequenceNumber, index);
    const entry = { position, sequenceNumber, arrivedAt, value, count: 1, cut: cut ? 1 : 0 };
    this.entries.push(entry);
    this.byValue?.set(value, entry);
  }
}

/** The item's key is made once an item: printing a window costs more than all else that is done for an event. */
function runOf(runs: Map<string, OpenRun>, counted: Counted, shard: string): OpenRun {
  const { dimension, bucket, window, start } = counted;
  const id = `${dimension}#${bucket}#${window}#${start}`;
  const known = runs.get(id);
  if (known) return known;
  const run = new OpenRun(counterKey(dimension, bucket, window, start, shard), window);
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
