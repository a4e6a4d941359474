/**
 * What the bill depends on and no price list says: figures of this code, measured, and figures of AWS that nobody
 * publishes, assumed. `docs/cost.md` has the machine, the commands and the reasons.
 */
export const measured = {
  /** Microseconds of CPU time (`npm run bench -- cost`). */
  aggregator: { perInvocation: 200, perRecord: 13, perEvent: 17, perByte: 0.0063, perWrite: 1_275 },
  transformer: { perInvocation: 175, perRecord: 4.5, perEvent: 13.5, perByte: 0.0082 },
  /** Bytes that the archive adds to an event, and what gzip leaves of a byte of generated lines. */
  archive: { addedBytes: 234, compressed: 0.11 },
  /** Bytes of log for an invocation, Lambda's own lines included. */
  logBytes: { aggregator: 1_700, transformer: 1_300 },
  /** Metrics that an invocation without bad events sends. */
  embeddedMetrics: { aggregator: 10, transformer: 6 },
} as const;

export const assumed = {
  /** Memory at which a function has one vCPU (AWS docs: Lambda, configure memory). One thread uses no more. */
  vcpuMemoryMiB: 1_769,
  /** Until a write of the table is answered; as many as `writesAtOnce` wait together. */
  tableLatencyMs: 5,
  writesAtOnce: 32,
  /** Metrics of a mapping with EVENT_COUNT for a stream (AWS docs: Types of metrics for Lambda functions). */
  mappingMetrics: 6,
  /** Enhanced metrics of a shard (AWS docs: Monitor Kinesis Data Streams with CloudWatch). */
  shardMetrics: 7,
  /** Kinesis asks KMS about once in five minutes for each of producer, aggregator and Firehose. */
  streamKeyRequestsPerHour: 3 * 12,
} as const;
