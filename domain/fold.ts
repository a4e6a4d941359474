import { type CounterKey, counterKey } from './counter-item';
import { type CounterValue, counterValue } from './counter-value';
import { dimensions, valueIn } from './dimensions';
import { fnv1a } from './hash';
import { eventIndex, type Position, positionOf } from './position';
import { type Click, type Reading, readStreamRecord } from './record';
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

/** An event as far as it decides whether it is a duplicate. */
export interface PlacedEvent {
  readonly eventId: string;
  readonly position: Position;
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
}

/** Whether a valid event was there before. It is asked about each, once, in the order of the shard. */
export type DuplicateFilter = (event: PlacedEvent) => boolean;

export interface Fold {
  readonly runs: readonly ItemRun[];
  /** Duplicates included, as in the archive. */
  readonly valid: number;
  readonly duplicates: number;
  readonly late: number;
  readonly invalidByReason: ReadonlyMap<string, number>;
}

/** A line of a record at its place in its shard. */
export interface PlacedLine {
  readonly reading: Reading;
  readonly sequenceNumber: string;
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
  readonly position: Position;
}

/** Where an event stands in its shard. */
export type ClickPlace = Omit<PlacedLine, 'reading'>;

/** Told of each valid event, duplicates included, once and in the order of the shard. */
export type ClickObserver = (click: Click, place: ClickPlace) => void;

/**
 * Folds records of one shard, in its order, into what each item of the table has to count. Pure: a redelivery and
 * a rebuild from the archive come to the same.
 *
 * @param shard the shard's name, unique over streams: `stream/shardId`
 * @param isDuplicate without it, no event is a duplicate
 * @param observe for what else is made of the events, which are read but once
 */
export function fold(
  shard: string,
  records: readonly ShardRecord[],
  isDuplicate: DuplicateFilter = () => false,
  observe?: ClickObserver,
): Fold {
  return foldLines(shard, linesOf(records), isDuplicate, observe);
}

/** As `fold`, of lines that were read before: records must be whole, and all of them in the order of the shard. */
export function foldLines(
  shard: string,
  lines: Iterable<PlacedLine>,
  isDuplicate: DuplicateFilter = () => false,
  observe?: ClickObserver,
): Fold {
  const runs = new Map<string, OpenRun>();
  const invalidByReason = new Map<string, number>();
  let valid = 0;
  let duplicates = 0;
  let late = 0;
  for (const line of lines) {
    const { reading, arrivedAt } = line;
    let duplicate = false;
    if (reading.ok) {
      valid++;
      duplicate = isDuplicate({ eventId: reading.event.eventId, position: line.position, arrivedAt });
      if (duplicate) duplicates++;
      else if (reading.late) late++;
      observe?.(reading, line);
    } else {
      invalidByReason.set(reading.reason, (invalidByReason.get(reading.reason) ?? 0) + 1);
    }
    for (const counted of countedValues(reading, duplicate, arrivedAt)) {
      runOf(runs, counted, shard).add(counted.value, line);
    }
  }
  return { runs: [...runs.values()], valid, duplicates, late, invalidByReason };
}

function* linesOf(records: readonly ShardRecord[]): Generator<PlacedLine> {
  for (const record of records) {
    for (const [subsequence, readings] of readStreamRecord(record.data, record.arrivedAt).entries()) {
      for (const [line, reading] of readings.entries()) {
        yield new RecordLine(reading, record, eventIndex(subsequence, line));
      }
    }
  }
}

/** A line of a record. Its position is made when it is asked for: most bad lines of a large record need none. */
class RecordLine implements PlacedLine {
  readonly sequenceNumber: string;
  readonly arrivedAt: number;
  private made: Position | undefined;

  constructor(
    readonly reading: Reading,
    record: ShardRecord,
    private readonly index: number,
  ) {
    this.sequenceNumber = record.sequenceNumber;
    this.arrivedAt = record.arrivedAt;
  }

  get position(): Position {
    this.made ??= positionOf(this.sequenceNumber, this.index);
    return this.made;
  }
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

  add({ value, cut }: CounterValue, line: PlacedLine): void {
    const { sequenceNumber, arrivedAt } = line;
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
    const entry = { position: line.position, sequenceNumber, arrivedAt, value, count: 1, cut: cut ? 1 : 0 };
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
function countedValues(reading: Reading, isDuplicate: boolean, arrivedAt: number): Counted[] {
  const at = reading.ok ? reading.at : arrivedAt;
  return dimensions.flatMap((dimension) => {
    const raw = valueIn(dimension, reading, isDuplicate);
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
