import type { WindowSize } from '../../domain/window';
import { aggregate, type Outcome } from '../../lambda/aggregator/aggregate';
import { dynamoCountersTable } from '../../lambda/aggregator/counters-table';
import type { DynamoCalls } from '../../lambda/aggregator/dynamo-calls';
import type { ShardBatch } from '../../lambda/aggregator/kinesis-event';

/** One environment of the function: what stays warm between its invocations is in here. */
export interface FunctionEnvironment {
  deliver(batch: ShardBatch, signal: AbortSignal): Promise<Outcome>;
}

export type StartEnvironment = typeof startEnvironment;

/** The aggregator as its handler puts it together, over the given calls. Mutants are built from this file. */
export function startEnvironment(
  calls: DynamoCalls,
  retentionDays: Readonly<Record<WindowSize, number>>,
): FunctionEnvironment {
  const table = dynamoCountersTable(calls, 'aggregates', retentionDays);
  return { deliver: (batch, signal) => aggregate(batch, table, signal) };
}
