/**
 * Behaviour of an event source mapping that AWS does not publish. The laptop's values are choices: tests may set
 * others, and nothing should be concluded from them about AWS.
 */
export interface MappingChoices {
  /** Wait before the n-th retry of one batch, n from 1, in milliseconds. */
  readonly retryBackoffMs: (retry: number) => number;
  /** How often new shards are looked for while none ends. */
  readonly shardDiscoveryMs: number;
  /** Wait after a call to the stream, the function's environment or the destination failed. */
  readonly serviceRetryMs: number;
}

/** A shard is polled once a second (AWS docs: using Lambda with Kinesis). */
export const pollIntervalMs = 1_000;

/** The one observation published: eight invocations within sixty seconds, which this schedule makes as well. */
export const defaultChoices: MappingChoices = {
  retryBackoffMs: (retry) => Math.min(1_000 * 2 ** (retry - 1), 12_000),
  shardDiscoveryMs: 10_000,
  serviceRetryMs: 1_000,
};
