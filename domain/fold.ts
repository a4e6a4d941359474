import { dimensions, valueIn } from './dimensions';
import type { Hash64 } from './hash64';
import type { Entry, ItemRun, OpenRun } from './item-run';
import { OpenDimension } from './open-dimension';
import { eventIndex, type Position, positionOf } from './position';
import { type Click, type Reading, readOnlyEvent, readStreamRecord } from './record';
import { windowSizes, windowStart } from './window';

export type { Entry, ItemRun };

/** A record of one shard, as it reaches a consumer. */
export interface ShardRecord {
  readonly sequenceNumber: string;
  readonly data: Uint8Array;
  /** Epoch milliseconds at which the stream took the record. */
  readonly arrivedAt: number;
}

/** An event as far as it decides whether it is a duplicate. */
export interface PlacedEvent {
  readonly eventId: string;
  /** Of the id, if it was made without the id's text. */
  readonly hash?: Hash64;
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
  isDuplicate?: DuplicateFilter,
  observe?: ClickObserver,
): Fold {
  const open = new OpenFold(shard, isDuplicate, observe);
  let memory: Buffer | undefined;
  for (const record of records) {
    const { data, arrivedAt } = record;
    // Records of a batch often stand in one piece of memory, and a view of it serves them all.
    if (memory?.buffer !== data.buffer) memory = Buffer.from(data.buffer);
    const event = readOnlyEvent(memory, data.byteOffset, data.byteOffset + data.length, arrivedAt);
    if (event) {
      open.add(new RecordLine(event, record, 0));
      continue;
    }
    const inner = readStreamRecord(data, arrivedAt);
    for (let subsequence = 0; subsequence < inner.length; subsequence++) {
      const readings = inner[subsequence]!;
      for (let line = 0; line < readings.length; line++) {
        open.add(new RecordLine(readings[line]!, record, eventIndex(subsequence, line)));
      }
    }
  }
  return open.close();
}

/** As `fold`, of lines that were read before: records must be whole, and all of them in the order of the shard. */
export function foldLines(
  shard: string,
  lines: Iterable<PlacedLine>,
  isDuplicate?: DuplicateFilter,
  observe?: ClickObserver,
): Fold {
  const open = new OpenFold(shard, isDuplicate, observe);
  for (const line of lines) open.add(line);
  return open.close();
}

/** A fold that is still being filled. */
class OpenFold {
  private readonly runs: OpenRun[] = [];
  private readonly dimensions: readonly OpenDimension[];
  private readonly invalidByReason = new Map<string, number>();
  private valid = 0;
  private duplicates = 0;
  private late = 0;
  /** Number of the last line's record, and its sequence number. */
  private record = 0;
  private sequenceNumber = '';
  /** By window size, where the window of the last line starts. */
  private readonly starts: number[] = [];

  constructor(
    shard: string,
    private readonly isDuplicate: DuplicateFilter | undefined,
    private readonly observe: ClickObserver | undefined,
  ) {
    this.dimensions = dimensions.map(
      (dimension) => new OpenDimension(dimension, shard, (run) => this.runs.push(run)),
    );
  }

  add(line: PlacedLine): void {
    const { reading, arrivedAt } = line;
    if (line.sequenceNumber !== this.sequenceNumber) {
      this.sequenceNumber = line.sequenceNumber;
      this.record++;
    }
    let duplicate = false;
    if (reading.ok) {
      this.valid++;
      if (this.isDuplicate) duplicate = this.isDuplicate(new PlacedClick(reading, line));
      if (duplicate) this.duplicates++;
      else if (reading.late) this.late++;
      this.observe?.(reading, line);
    } else {
      this.invalidByReason.set(reading.reason, (this.invalidByReason.get(reading.reason) ?? 0) + 1);
    }
    // An invalid line has no time of its own that could be trusted, so it counts when it arrived.
    const at = reading.ok ? reading.at : arrivedAt;
    for (let size = 0; size < windowSizes.length; size++) {
      this.starts[size] = windowStart(windowSizes[size]!, at);
    }
    for (const open of this.dimensions) {
      const value = valueIn(open.dimension, reading, duplicate);
      if (value !== undefined) open.add(value, this.starts, line, this.record);
    }
  }

  close(): Fold {
    const { runs, valid, duplicates, late, invalidByReason } = this;
    return { runs, valid, duplicates, late, invalidByReason };
  }
}

/** An event whose id and position are made when they are asked for, as seldom happens. */
class PlacedClick implements PlacedEvent {
  readonly hash: Hash64;
  readonly arrivedAt: number;

  constructor(
    private readonly click: Click,
    private readonly line: PlacedLine,
  ) {
    this.hash = click.hash('eventId')!;
    this.arrivedAt = line.arrivedAt;
  }

  get eventId(): string {
    return this.click.field('eventId')!;
  }

  get position(): Position {
    return this.line.position;
  }
}

/** A line of a record. Its position is made when it is asked for, which those of most lines never are. */
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
