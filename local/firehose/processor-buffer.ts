import type { StreamRecord } from '../stream-reader';
import type { Processor } from './processor';
import { countForNextBatch, type SourceRecord, sourceRecords } from './processor-event';

export interface Batch {
  readonly records: readonly SourceRecord[];
  readonly bytes: number;
  readonly oldestArrival: number;
  /** The last record of the stream that ends in this batch; undefined in the midst of an aggregate. */
  readonly endedSequenceNumber: string | undefined;
}

/** Records after unpacking, and their raw bytes. */
export interface Added {
  readonly records: number;
  readonly bytes: number;
}

/** What a shard's worker has read and not yet given to the transformer. */
export interface ProcessorBuffer {
  /** Takes records of the stream, and unpacks their aggregates. */
  add(records: readonly StreamRecord[], readAt: number): Added;
  /** When the next batch is due: at once if the buffer has its size, or when its first record has waited enough. */
  dueAt(): number;
  /** Takes the next batch, due or not; `undefined` when there is nothing. */
  take(): Batch | undefined;
  oldestArrival(): number | undefined;
}

const MIB = 1024 * 1024;

export function createProcessorBuffer(
  shardId: string,
  { bufferSizeMiB, bufferIntervalMs, source }: Processor,
): ProcessorBuffer {
  const waiting: SourceRecord[] = [];
  let waitingBytes = 0;

  return {
    add: (records, readAt) => {
      const added = records.flatMap((record) => sourceRecords(shardId, record, readAt));
      for (const record of added) waiting.push(record);
      const bytes = sizeOf(added);
      waitingBytes += bytes;
      return { records: added.length, bytes };
    },
    dueAt: () => {
      const first = waiting[0];
      if (!first) return Number.POSITIVE_INFINITY;
      return waitingBytes >= bufferSizeMiB * MIB ? first.readAt : first.readAt + bufferIntervalMs;
    },
    take: () => {
      const records = waiting.splice(0, countForNextBatch(waiting, bufferSizeMiB, source));
      if (records.length === 0) return undefined;
      const bytes = sizeOf(records);
      waitingBytes -= bytes;
      const oldestArrival = records.reduce((oldest, { arrivedAt }) => Math.min(oldest, arrivedAt), Infinity);
      const ended = records.findLast(({ isLast }) => isLast);
      return { records, bytes, oldestArrival, endedSequenceNumber: ended?.sequenceNumber };
    },
    oldestArrival: () => waiting[0]?.arrivedAt,
  };
}

/** Raw bytes. */
export function sizeOf(records: readonly StreamRecord[]): number {
  return records.reduce((sum, { data }) => sum + data.byteLength, 0);
}
