/** Environment variables that the compactor's construct sets and its handler reads. */
export const CompactorEnvironment = {
  /** Name of the aggregates table. */
  tableName: 'TABLE_NAME',
  /** Age at which a delta becomes part of the items. */
  compactionSeconds: 'COMPACTION_SECONDS',
  /** Days that a shard's deltas live. */
  logDays: 'LOG_DAYS',
  /** Days that an item lives after the latest arrival that it counts, by the size of its window. */
  minuteRetentionDays: 'MINUTE_RETENTION_DAYS',
  hourRetentionDays: 'HOUR_RETENTION_DAYS',
  dayRetentionDays: 'DAY_RETENTION_DAYS',
} as const;
