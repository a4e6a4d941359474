import type { ShardRecord } from '../../../domain/fold';
import { uniqueKeyPrefix } from '../../../domain/unique-item';
import { aggregate, type Outcome } from '../../../lambda/aggregator/aggregate';
import type { DynamoCalls } from '../../../lambda/aggregator/dynamo-calls';
import { createStores } from '../../../lambda/aggregator/stores';
import { createMemoryDynamo, type MemoryDynamo } from '../../support/memory-dynamo';
import { neverAborted } from '../../support/never-aborted';
import { type Fault, failingConnection, retentionDays } from './shard-simulator';

/** A function that stays warm: what it knows of the table it keeps from one delivery to the next. */
export interface Environment {
  deliver(records: readonly ShardRecord[], shard?: string): Promise<Outcome>;
}

export function environment(calls: DynamoCalls, cacheBytes = 16 * 1024 * 1024): Environment {
  const stores = createStores(
    calls,
    {
      tableName: 'aggregates',
      retentionDays,
      deduplicationSeconds: 0,
      streamRetentionHours: 24,
      uniqueVisitors: 'page',
    },
    { uniquesCacheBytes: cacheBytes, knownPositions: Math.ceil(cacheBytes / 100) },
  );
  return {
    deliver: (records, shard = 'clicks/shardId-000000000000') =>
      aggregate({ shard, records }, stores.table, neverAborted(), stores),
  };
}

/** The items with sketches, but for their versions, which say how often each was written. */
export function sketches(dynamo: MemoryDynamo): Record<string, unknown> {
  return Object.fromEntries(
    dynamo
      .items()
      .filter(({ pk }) => pk?.S?.startsWith(uniqueKeyPrefix))
      .map(({ version, ...item }) => [`${item.pk?.S} ${item.sk?.S}`, item] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** The sketches of one delivery of everything. */
export async function cleanSketches(records: readonly ShardRecord[]): Promise<Record<string, unknown>> {
  const dynamo = createMemoryDynamo();
  await environment(dynamo).deliver(records);
  return sketches(dynamo);
}

/** The table behind a connection that fails at some calls of any kind. */
export function failing(calls: DynamoCalls, faults: ReadonlyMap<number, Fault>): DynamoCalls {
  const attempt = failingConnection(faults);
  return {
    get: (input, signal) => attempt(() => calls.get(input, signal)),
    update: (input, signal) => attempt(() => calls.update(input, signal)),
    put: (input, signal) => attempt(() => calls.put(input, signal)),
    query: (input, signal) => attempt(() => calls.query(input, signal)),
  };
}

/** Calls of which the put of that number waits until what is done meanwhile is done. */
export function interrupted(calls: DynamoCalls, at: number, meanwhile: () => Promise<unknown>): DynamoCalls {
  let puts = 0;
  return {
    ...calls,
    put: async (input, signal) => {
      if (puts++ === at) await meanwhile();
      return calls.put(input, signal);
    },
  };
}
