import type { Backoff } from './backoff';

/**
 * What AWS does not publish about Firehose, or publishes in conflict, as settings. Each default is this
 * project's choice and no statement about AWS, except where it says so.
 */
export interface DeliverySettings {
  /** Time from the start of one read of a shard to the next, when nothing more waits. AWS: once a second. */
  readonly pollIntervalMs: number;
  /** Records asked for in one read; 10,000 is the service's bound. */
  readonly readLimit: number;
  /** How often the stream is asked for its shards; it is asked as well whenever a shard ends. */
  readonly shardListIntervalMs: number;
  readonly readRetry: Backoff;
  readonly functionRetry: Backoff;
  readonly objectRetry: Backoff;
  /**
   * Waits between attempts at a destination, each varied by a share of itself. Published of HTTP endpoints: 1 s, doubled, at
   * most two minutes, 15 % (AWS docs: HTTP endpoint delivery specifications); taken for the others as well.
   */
  readonly destinationRetry: Backoff & { readonly jitter: number };
  /**
   * What an unknown `result`, or data that is not base64, fails: all records of the invocation, or that record.
   * Published observations differ.
   */
  readonly invalidAnswer: 'fails-batch' | 'fails-record';
  /** Reading pauses while more than this waits for the transformer or for S3. */
  readonly maxHeldBytes: number;
}

const MIB = 1024 * 1024;

export function defaultSettings(bufferSizeMiB: number): DeliverySettings {
  return {
    pollIntervalMs: 1_000,
    readLimit: 10_000,
    shardListIntervalMs: 30_000,
    readRetry: { firstMs: 1_000, maxMs: 10_000 },
    functionRetry: { firstMs: 1_000, maxMs: 30_000 },
    objectRetry: { firstMs: 1_000, maxMs: 30_000 },
    destinationRetry: { firstMs: 1_000, maxMs: 120_000, jitter: 0.15 },
    invalidAnswer: 'fails-batch',
    // Two buffers, of data and of errors, may fill at once without anything being wrong.
    maxHeldBytes: 2 * bufferSizeMiB * MIB + 16 * MIB,
  };
}
