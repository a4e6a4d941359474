export type Receipt = Accepted | NotAccepted;

/** Kinesis holds the event, at this place. */
export interface Accepted {
  readonly accepted: true;
  readonly shardId: string;
  /** The record's. Events that share a record share it. */
  readonly sequenceNumber: string;
  /** The event's index in its record; 0 for one that has a record to itself. */
  readonly subSequenceNumber: number;
  readonly httpStatus: number;
  readonly attempts: number;
  /** An earlier attempt went without an answer: the stream may hold the event a second time. Absent if not. */
  readonly mayBeTwice?: true;
}

export interface NotAccepted {
  readonly accepted: false;
  /**
   * `too_large` was not sent; `given_up` was tried for as long, or as often, as it may be; `refused`: the producer
   * stopped, see `fault`.
   */
  readonly reason: 'too_large' | 'given_up' | 'refused';
  /** The last error, as Kinesis or the network named it. */
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
  /** An attempt went without an answer: Kinesis may hold the event all the same. */
  readonly mayHaveArrived: boolean;
}

export interface ProducerStats {
  /** Events given to `send`. */
  readonly produced: number;
  readonly accepted: number;
  /** Times that an event was sent again. */
  readonly retried: number;
  /** Times that Kinesis refused an event because a shard was at its limit. */
  readonly throttled: number;
  /** The same by shard; the shard is `unknown` where neither the shard map nor Kinesis named it. */
  readonly throttledByShard: Readonly<Record<string, number>>;
  readonly failed: number;
  /** Events with an attempt that went unanswered: whatever they count as, they may be in the stream once more. */
  readonly ambiguous: number;
  /** Events without an outcome yet. */
  readonly outstanding: number;
  readonly requests: number;
  /** Requests without an answer yet. */
  readonly inFlight: number;
  /** Kinesis records that were accepted: with packing, fewer than events. */
  readonly records: number;
  /** Data and keys of the accepted events. */
  readonly acceptedBytes: number;
  /** From `send` to the acceptance, retries included; undefined before the first one. */
  readonly latencyMs: { readonly p50: number | undefined; readonly p99: number | undefined };
}
