import type { ChaosProfile, FaultRule } from './profile';

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

/** The profiles that `--chaos` knows by name. */
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
} as const satisfies Readonly<Record<string, ChaosProfile>>;
