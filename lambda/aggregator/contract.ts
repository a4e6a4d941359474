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
} as const;

export { AggregatesTable } from '../../domain/counter-item';
