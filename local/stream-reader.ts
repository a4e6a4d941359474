/** A record as a shard gives it. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  /** Epoch milliseconds at which the stream took the record. */
  readonly arrivedAt: number;
}

export interface Shard {
  readonly shardId: string;
  /** The shard that was split, or the first of the two that were merged, into this one. */
  readonly parentShardId?: string;
  readonly adjacentParentShardId?: string;
}

/** Where to start in a shard. */
export type StartPosition =
  | { readonly type: 'TRIM_HORIZON' }
  | { readonly type: 'LATEST' }
  | { readonly type: 'AT_TIMESTAMP'; readonly timestamp: number }
  | { readonly type: 'AFTER_SEQUENCE_NUMBER'; readonly sequenceNumber: string };

export interface ReadResult {
  readonly records: readonly StreamRecord[];
  /** Absent when the shard is closed and read to its end. */
  readonly nextIterator?: string;
}

/** The calls of a shared-throughput consumer. */
export interface StreamReader {
  listShards(): Promise<readonly Shard[]>;
  getIterator(shardId: string, position: StartPosition): Promise<string>;
  /** At most `limit` records (10,000 is the service's own bound). An expired iterator throws. */
  read(iterator: string, limit: number): Promise<ReadResult>;
}
