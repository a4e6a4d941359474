import type { Service } from '../../emulators/clients';

/**
 * `throttle`: refused before the service acts. `error`: a 5xx. `slow`: later than the service would answer. `cut`: the
 * connection ends without an answer, or in the middle of one. `partial`: a share of a `PutRecords` request fails.
 */
export const faultKinds = ['throttle', 'error', 'slow', 'cut', 'partial'] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface FaultRule {
  readonly service: Service;
  /** As the service's API names them; all of them if left out. */
  readonly operations?: readonly string[];
  readonly kind: FaultKind;
  /** Of one request; those of all rules that match it exclude each other, and add up to 1 at most. */
  readonly probability: number;
  /** The service has acted before the fault comes, so that the caller cannot know. For `error`, `slow` and `cut`. */
  readonly after?: boolean;
  /** For `slow`: the shortest and the longest delay. */
  readonly delayMs?: readonly [number, number];
  /** For `partial`: of the entries of a request. */
  readonly share?: number;
}

/** What one shard takes in and gives out; what is left out is without limit. */
export interface ShardLimits {
  readonly bytesPerSecond?: number;
  readonly recordsPerSecond?: number;
  /** `GetRecords` calls, over all readers. */
  readonly readsPerSecond?: number;
}

export const functionRoles = ['aggregator', 'compactor', 'transformer', 'collector', 'adapter'] as const;
export type FunctionRole = (typeof functionRoles)[number];

/** `crash`: the function's process ends. `throttle`: Lambda refuses to invoke it. `slow`: it begins later. */
export const functionFaultKinds = ['crash', 'throttle', 'slow'] as const;

export interface FunctionFaultRule {
  readonly function: FunctionRole;
  readonly kind: (typeof functionFaultKinds)[number];
  /** Of one invocation; those of a function's rules exclude each other. */
  readonly probability: number;
  /** For `slow`: the shortest and the longest delay. */
  readonly delayMs?: readonly [number, number];
}

/** What a run of the pipeline is exposed to. */
export interface ChaosProfile {
  readonly faults: readonly FaultRule[];
  readonly functions?: readonly FunctionFaultRule[];
  readonly shardLimits?: ShardLimits;
}
