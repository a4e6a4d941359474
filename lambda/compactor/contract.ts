import type { WindowSize } from '../../domain/counters/window';

/** The dimension `service` of its metrics, and the word in its log lines. */
export const compactorService = 'compactor';

/** Metrics of an invocation, those that an alarm looks at. Its log line has every count. */
export const CompactorMetric = {
  oldestPendingSeconds: 'OldestPendingSeconds',
  /** Shards whose log lacks a delta. */
  logGaps: 'LogGaps',
  /** Shards that were left because the table refused. */
  shardsNotCompacted: 'ShardsNotCompacted',
} as const;

/** Environment variables that the compactor's construct sets and its handler reads. */
export const CompactorEnvironment = {
  /** Name of the aggregates table. */
  tableName: 'TABLE_NAME',
  /** Age at which a delta becomes part of the items. */
  compactionSeconds: 'COMPACTION_SECONDS',
  /** Days that a shard's deltas live. */
  logDays: 'LOG_DAYS',
} as const;

/** The variable with the days that items of a window size live: `MINUTE_RETENTION_DAYS`, … */
export function retentionVariable(size: WindowSize): string {
  return `${size.toUpperCase()}_RETENTION_DAYS`;
}
