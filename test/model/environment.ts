import type { UniqueScope } from '../../domain/uniques';
import type { WindowSize } from '../../domain/window';
import { aggregate, type Outcome } from '../../lambda/aggregator/aggregate';
import type { DynamoCalls } from '../../lambda/aggregator/dynamo-calls';
import type { ShardBatch } from '../../lambda/aggregator/kinesis-event';
import { createStores } from '../../lambda/aggregator/stores';
import { repairObject } from '../../recover/repair/repair';
import { dynamoItemsTable } from '../../recover/table/items-table';

/** One environment of the function: what stays warm between its invocations is in here. */
export interface FunctionEnvironment {
  deliver(batch: ShardBatch, signal: AbortSignal): Promise<Outcome>;
}

export interface FunctionSettings {
  readonly retentionDays: Readonly<Record<WindowSize, number>>;
  readonly uniqueVisitors: 'off' | UniqueScope;
  /** The horizon within which duplicates are removed; 0 if none are. */
  readonly deduplicationSeconds: number;
}

export type StartEnvironment = typeof startEnvironment;

/** So small that sketches and positions are forgotten, that chunks are many, and that warm functions miss some. */
const limits = {
  uniquesCacheBytes: 20_000,
  knownPositions: 20,
  recentEvents: { cacheBytes: 20_000, chunkBytes: 400, chunksMissed: 1, eventsOfABatch: 100 },
};

/** The aggregator as its handler puts it together, over the given calls. Mutants are built from this file. */
export function startEnvironment(calls: DynamoCalls, settings: FunctionSettings): FunctionEnvironment {
  const stores = createStores(
    calls,
    { tableName: 'aggregates', streamRetentionHours: 24, ...settings },
    limits,
  );
  return { deliver: (batch, signal) => aggregate(batch, stores.table, signal, stores) };
}

/** What repairs a given-up batch, from the same source. */
export const recovery = { repairObject, dynamoItemsTable } as const;
