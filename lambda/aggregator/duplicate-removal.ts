import type { DuplicateFilter } from '../../domain/fold';
import type { ShardBatch } from './kinesis-event';

/** Knows which events a shard has had. */
export interface DuplicateRemoval {
  /**
   * Reads what stands before a batch.
   *
   * @throws whatever the client throws once its retries are over, or when `signal` aborts; then nothing is decided
   */
  begin(batch: ShardBatch, signal: AbortSignal): Promise<BatchDuplicates>;
}

/** What is known of one batch. */
export interface BatchDuplicates {
  readonly isDuplicate: DuplicateFilter;
  /** Items read to know what stands before the batch. */
  readonly itemsRead: number;
  /**
   * Keeps the events of the batch for those that follow, after `isDuplicate` was asked about all of them. Until it
   * has, the batch is not done; what it writes is the same each time.
   *
   * @returns items written
   * @throws as `begin` does
   */
  remember(signal: AbortSignal): Promise<number>;
}
