import type { ChaosProfile, FaultRule, FunctionFaultRule } from './profile';

/** AWS docs: Kinesis Data Streams quotas. The megabyte is read as the larger of its two meanings. */
const awsShardLimits = { bytesPerSecond: 1024 * 1024, recordsPerSecond: 1_000, readsPerSecond: 5 };

const throttles = (probability: number): readonly FaultRule[] => [
  { service: 'kinesis', kind: 'throttle', probability },
  { service: 'dynamodb', kind: 'throttle', probability },
  { service: 's3', kind: 'throttle', probability },
];

/** Faults of the network and of the services themselves: each alike before and after the service has acted. */
const faults = (probability: number, delayMs: readonly [number, number]): readonly FaultRule[] =>
  (['kinesis', 'dynamodb', 's3'] as const).flatMap((service) =>
    [false, true].flatMap((after): FaultRule[] => [
      { service, kind: 'error', probability, after },
      { service, kind: 'cut', probability, after },
      { service, kind: 'slow', probability, after, delayMs },
    ]),
  );

/** The calls of the log: puts of deltas and items, updates of a shard's entry. */
const tableWrites = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'];

const always = (fn: FunctionFaultRule['function'], kind: FunctionFaultRule['kind']): FunctionFaultRule => ({
  function: fn,
  kind,
  probability: 1,
});

/** The profiles that `--chaos` knows by name. Those named after one failure last until the pipeline is stopped. */
export const profiles = {
  /** Only the limits of AWS: what a healthy pipeline meets when its traffic outgrows it. */
  limits: { faults: [], shardLimits: awsShardLimits },
  throttled: {
    faults: [
      ...throttles(0.1),
      { service: 'kinesis', operations: ['PutRecords'], kind: 'partial', probability: 0.2, share: 0.3 },
    ],
    shardLimits: awsShardLimits,
  },
  flaky: { faults: faults(0.01, [50, 1_000]) },
  storm: {
    faults: [
      ...throttles(0.05),
      ...faults(0.03, [50, 3_000]),
      { service: 'kinesis', operations: ['PutRecords'], kind: 'partial', probability: 0.2, share: 0.3 },
    ],
    shardLimits: awsShardLimits,
  },
  'table-throttled': {
    faults: [{ service: 'dynamodb', operations: tableWrites, kind: 'throttle', probability: 1 }],
  },
  'table-failing': { faults: [{ service: 'dynamodb', kind: 'error', probability: 1 }] },
  'bucket-refusing': {
    faults: [{ service: 's3', operations: ['PutObject'], kind: 'error', probability: 1 }],
  },
  'shard-full': { faults: [], shardLimits: { recordsPerSecond: 1 } },
  'reads-throttled': { faults: [], shardLimits: { readsPerSecond: 0.5 } },
  'aggregator-crashing': { faults: [], functions: [always('aggregator', 'crash')] },
  'aggregator-throttled': { faults: [], functions: [always('aggregator', 'throttle')] },
  'compactor-crashing': { faults: [], functions: [always('compactor', 'crash')] },
  'transformer-crashing': { faults: [], functions: [always('transformer', 'crash')] },
  'transformer-throttled': { faults: [], functions: [always('transformer', 'throttle')] },
  'collector-crashing': { faults: [], functions: [always('collector', 'crash')] },
  'collector-throttled': { faults: [], functions: [always('collector', 'throttle')] },
} as const satisfies Readonly<Record<string, ChaosProfile>>;
