import { eventIndex, type Position, positionOf } from './position';
import { type Reading, readStreamRecord } from './record';

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

/**
 * The lines of some records of a shard, in its order. Every record has at least one.
 *
 * @param after leaves out what stands at this position or before it
 */
export function* linesOf(records: readonly ShardRecord[], after: Position = ''): Generator<PlacedLine> {
  let isBehind = after === '';
  for (const record of records) {
    const { sequenceNumber, data, arrivedAt } = record;
    // Positions grow within a shard: once one is behind, all that follow are.
    const mayHoldAfter = !isBehind && positionOf(sequenceNumber, 0) <= after;
    if (mayHoldAfter && !isPartOf(sequenceNumber, after)) continue;
    isBehind ||= !mayHoldAfter;
    const inner = readStreamRecord(data, arrivedAt);
    for (let subsequence = 0; subsequence < inner.length; subsequence++) {
      const readings = inner[subsequence]!;
      for (let number = 0; number < readings.length; number++) {
        const line = new RecordLine(readings[number]!, record, eventIndex(subsequence, number));
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
