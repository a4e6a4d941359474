import { type UniqueScope, uniquesFor } from '../../domain/uniques';
import type { WindowSize } from '../../domain/window';
import { aggregate, type Outcome } from '../../lambda/aggregator/aggregate';
import { dynamoCountersTable } from '../../lambda/aggregator/counters-table';
import type { DynamoCalls } from '../../lambda/aggregator/dynamo-calls';
import type { ShardBatch } from '../../lambda/aggregator/kinesis-event';
import { knownPositions } from '../../lambda/aggregator/known-positions';
import { dynamoRecentEvents } from '../../lambda/aggregator/recent-events-table';
import { uniquesCache } from '../../lambda/aggregator/uniques-cache';
import { dynamoUniquesTable } from '../../lambda/aggregator/uniques-table';
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

/** Of sketches: a few items; so small that some have to go. */
const uniquesCacheBytes = 20_000;

/** So few that some are forgotten. */
const knownItems = 20;

/** So small that chunks are many, that warm functions miss some, and that they forget one shard for another. */
const recentLimits = { cacheBytes: 20_000, chunkBytes: 400, chunksMissed: 1, eventsOfABatch: 100 };

/** The aggregator as its handler puts it together, over the given calls. Mutants are built from this file. */
export function startEnvironment(
  calls: DynamoCalls,
  { retentionDays, uniqueVisitors, deduplicationSeconds }: FunctionSettings,
): FunctionEnvironment {
  const table = dynamoCountersTable(calls, 'aggregates', retentionDays);
  const removal =
    deduplicationSeconds === 0
      ? undefined
      : dynamoRecentEvents(
          calls,
          { tableName: 'aggregates', deduplicationSeconds, streamRetentionHours: 24 },
          recentLimits,
        );
  const uniques =
    uniqueVisitors === 'off'
      ? undefined
      : {
          counted: uniquesFor(uniqueVisitors),
          table: dynamoUniquesTable(calls, 'aggregates'),
          cache: uniquesCache(uniquesCacheBytes),
          retentionDays: retentionDays.hour,
        };
  const known = knownPositions(knownItems);
  return { deliver: (batch, signal) => aggregate(batch, table, signal, { removal, uniques, known }) };
}

/** What repairs a given-up batch, from the same source. */
export const recovery = { repairObject, dynamoItemsTable } as const;
