import { uniquesFor } from '../../domain/uniques';
import type { AggregateOptions } from './aggregate';
import { type CountersTable, dynamoCountersTable } from './counters-table';
import type { DynamoCalls } from './dynamo-calls';
import type { AggregatorSettings } from './environment';
import { knownPositions } from './known-positions';
import { dynamoRecentEvents, type RecentEventsLimits } from './recent-events';
import { uniquesCache } from './uniques-cache';
import { dynamoUniquesTable } from './uniques-table';

/** All that one environment of the aggregator counts into, with what it keeps from one batch to the next. */
export interface Stores extends AggregateOptions {
  readonly table: CountersTable;
}

/** What bounds memory and time. What is counted does not depend on any of it. */
export interface StoreLimits {
  readonly uniquesCacheBytes: number;
  readonly knownPositions: number;
  readonly recentEvents: RecentEventsLimits;
}

export function createStores(
  calls: DynamoCalls,
  settings: AggregatorSettings,
  limits: Partial<StoreLimits> = {},
): Stores {
  const { tableName, retentionDays, deduplicationSeconds, uniqueVisitors } = settings;
  return {
    table: dynamoCountersTable(calls, tableName, retentionDays),
    removal: deduplicationSeconds > 0 ? dynamoRecentEvents(calls, settings, limits.recentEvents) : undefined,
    uniques:
      uniqueVisitors === 'off'
        ? undefined
        : {
            counted: uniquesFor(uniqueVisitors),
            table: dynamoUniquesTable(calls, tableName),
            // Sixteen thousand pages in an hour take so much, or the totals of 1,000 shards.
            cache: uniquesCache(limits.uniquesCacheBytes ?? 16 * 1024 * 1024),
            retentionDays: retentionDays.hour,
          },
    // Items that a batch touches are a hundred, or, if it jumps between many windows, some thousands; 300 bytes each.
    known: knownPositions(limits.knownPositions ?? 20_000),
  };
}
