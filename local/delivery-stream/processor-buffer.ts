import type { StreamRecord } from '../stream-reader';
import type { Processor } from './processor';
import { countForNextBatch, type SourceRecord, sourceRecord } from './processor-event';

export interface Batch {
  readonly records: readonly SourceRecord[];
  readonly bytes: number;
  readonly oldestArrival: number;
  readonly lastSequenceNumber: string;
}

/** What a shard's worker has read and not yet given to the transformer. */
export interface ProcessorBuffer {
  /** Returns the raw bytes added. */
  add(records: readonly StreamRecord[], readAt: number): number;
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
      const bytes = sizeOf(records);
      for (const record of records) waiting.push(sourceRecord(shardId, record, readAt));
      waitingBytes += bytes;
      return bytes;
    },
    dueAt: () => {
      const first = waiting[0];
      if (!first) return Number.POSITIVE_INFINITY;
      return waitingBytes >= bufferSizeMiB * MIB ? first.readAt : first.readAt + bufferIntervalMs;
    },
    take: () => {
      const records = waiting.splice(0, countForNextBatch(waiting, bufferSizeMiB, source));
      const last = records.at(-1);
      if (!last) return undefined;
      const bytes = sizeOf(records);
      waitingBytes -= bytes;
      const oldestArrival = records.reduce((oldest, { arrivedAt }) => Math.min(oldest, arrivedAt), Infinity);
      return { records, bytes, oldestArrival, lastSequenceNumber: last.sequenceNumber };
    },
    oldestArrival: () => waiting[0]?.arrivedAt,
  };
}

function sizeOf(records: readonly StreamRecord[]): number {
  return records.reduce((sum, { data }) => sum + data.byteLength, 0);
}
