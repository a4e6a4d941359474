/**
 * What the aggregator's construct and its handler must agree on. The construct sets these environment
 * variables; the handler reads them. A rename is a compile error on both sides.
 */
export const AggregatorEnvironment = {
  /** Name of the aggregates table. */
  tableName: 'TABLE_NAME',
  /** Days that an item of a minute window lives after its last write. */
  minuteRetentionDays: 'MINUTE_RETENTION_DAYS',
  /** Days that an item of an hour window lives after its last write. */
  hourRetentionDays: 'HOUR_RETENTION_DAYS',
  /** Seconds in which a second event of an id is a duplicate; 0 removes none. */
  deduplicationSeconds: 'DEDUPLICATION_SECONDS',
  /** Hours that the stream keeps its records, and so may deliver them again. */
  streamRetentionHours: 'STREAM_RETENTION_HOURS',
  /** One of `uniqueVisitorScopes`. */
  uniqueVisitors: 'UNIQUE_VISITORS',
} as const;

/** What unique visitors are counted for: nothing, the whole site, or also each page. */
export const uniqueVisitorScopes = ['off', 'total', 'page'] as const;
export type UniqueVisitorScope = (typeof uniqueVisitorScopes)[number];

export { AggregatesTable } from '../../domain/counter-item';
export { FunctionEnvironment } from '../../domain/function-log';
