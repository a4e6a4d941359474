import { unpack } from './kpl';
import { eventIndex, type Position, positionOf } from './position';
import { type Reading, readRecord } from './record';

/** A record of one shard, as it reaches a consumer. */
export interface ShardRecord {
  readonly sequenceNumber: string;
  readonly data: Uint8Array;
  /** Epoch milliseconds at which the stream took the record. */
  readonly arrivedAt: number;
}

/** A line of a record at its place in its shard. */
export interface PlacedLine {
  readonly reading: Reading;
  readonly sequenceNumber: string;
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
  readonly position: Position;
}

/** A record as Firehose delivers it: one of the stream, or one out of a KPL aggregate. */
export interface DeliveredRecord {
  readonly data: Uint8Array;
  /** `index` is the line's in the record of the stream, as `eventIndex` makes it. */
  readonly lines: readonly { readonly index: number; readonly reading: Reading }[];
}

/** What Firehose makes of a record of the stream: each has at least one line. */
export function deliveredRecords({
  data,
  arrivedAt,
}: Pick<ShardRecord, 'data' | 'arrivedAt'>): readonly DeliveredRecord[] {
  return unpack(data).map((record, subsequence) => ({
    data: record.data,
    lines: readRecord(record.data, arrivedAt).map((reading, line) => ({
      index: eventIndex(subsequence, line),
      reading,
    })),
  }));
}

/**
 * The lines of some records of a shard, in its order. Every record has at least one.
 *
 * @param after leaves out what stands at this position or before it
 */
export function* linesOf(records: readonly ShardRecord[], after: Position = ''): Generator<PlacedLine> {
  let isBehind = after === '';
  for (const record of records) {
    const { sequenceNumber } = record;
    // Positions grow within a shard: once one is behind, all that follow are.
    const mayHoldAfter = !isBehind && positionOf(sequenceNumber, 0) <= after;
    if (mayHoldAfter && !isPartOf(sequenceNumber, after)) continue;
    isBehind ||= !mayHoldAfter;
    for (const { lines } of deliveredRecords(record)) {
      for (const { index, reading } of lines) {
        const line = new RecordLine(reading, record, index);
        if (isBehind || line.position > after) yield line;
      }
    }
  }
}

/** Whether a position lies in the record, or in a correction behind its last event. */
function isPartOf(sequenceNumber: string, position: Position): boolean {
  return position.split(':')[1] === sequenceNumber;
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
