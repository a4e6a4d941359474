import type { ShardRecord } from '../../domain/fold';
import { eventIndex, type Position, positionOf } from '../../domain/position';
import { type Reading, readStreamRecord } from '../../domain/record';

/** A line of a record at its place in its shard. */
export interface ShardLine {
  readonly position: Position;
  readonly sequenceNumber: string;
  /** The archive's `subSequenceNumber`. */
  readonly index: number;
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
  /** Without its bytes, so that many fit. */
  readonly reading: Reading;
  /** Whether it is in the archive or under the error prefix, and not only in the stream. */
  readonly isStored: boolean;
}

const noBytes = Buffer.alloc(0);

export function shardLine(
  place: Pick<ShardLine, 'sequenceNumber' | 'index' | 'arrivedAt'>,
  reading: Reading,
  isStored = true,
): ShardLine {
  const { sequenceNumber, index, arrivedAt } = place;
  return {
    position: positionOf(sequenceNumber, index),
    sequenceNumber,
    index,
    arrivedAt,
    reading: reading.ok ? reading.withoutBytes() : { ...reading, bytes: noBytes },
    isStored,
  };
}

/** @param shard `stream/shardId` */
export function shardIdOf(shard: string): string {
  return shard.split('/')[1]!;
}

/** What records of the stream hold, line by line. */
export function linesOfRecords(records: readonly ShardRecord[]): ShardLine[] {
  return records.flatMap(({ sequenceNumber, data, arrivedAt }) =>
    readStreamRecord(data, arrivedAt).flatMap((readings, subsequence) =>
      readings.map((reading, line) =>
        shardLine({ sequenceNumber, index: eventIndex(subsequence, line), arrivedAt }, reading),
      ),
    ),
  );
}

/** Beyond each event of a record, however many it holds. */
export function endOfRecord(sequenceNumber: string): Position {
  return positionOf(sequenceNumber, Number.MAX_SAFE_INTEGER);
}

const lastSequenceNumber = '9'.repeat(129);
/** Beyond every record that a shard can have. */
export const endOfStream = {
  sequenceNumber: lastSequenceNumber,
  position: endOfRecord(lastSequenceNumber),
} as const;

export function sequenceNumberOf(position: Position): string {
  return position.split(':')[1] ?? '';
}

/**
 * The lines in the order of the shard, each place once: Firehose may deliver a record more than once. Of lines of one
 * place the first stays.
 */
export function inOrder(lines: readonly ShardLine[]): readonly ShardLine[] {
  const sorted = lines.toSorted((a, b) => (a.position < b.position ? -1 : a.position > b.position ? 1 : 0));
  return sorted.filter(({ position }, index) => index === 0 || sorted[index - 1]!.position !== position);
}

/** Where lines in order first reach a position: the number of those before it. */
export function countBefore(lines: readonly ShardLine[], position: Position): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (lines[middle]!.position < position) low = middle + 1;
    else high = middle;
  }
  return low;
}
