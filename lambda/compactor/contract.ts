import type { WindowSize } from '../../domain/counters/window';

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
