/** The dimension `service` of its metrics, and the word in its log lines. */
export const aggregatorService = 'aggregator';

/** Metrics of a batch, those that an alarm or the dashboard looks at. Its log line has every count. */
export const AggregatorMetric = {
  valid: 'EventsValid',
  /** Of the valid ones. */
  late: 'EventsLate',
  invalid: 'EventsInvalid',
} as const;

/** Environment variables that the aggregator's construct sets and its handler reads. */
export const AggregatorEnvironment = {
  /** Name of the aggregates table. */
  tableName: 'TABLE_NAME',
  /** Seconds in which a second event of an id is a duplicate; 0 removes none. */
  deduplicationSeconds: 'DEDUPLICATION_SECONDS',
  /** One of `uniqueVisitorScopes`. */
  uniqueVisitors: 'UNIQUE_VISITORS',
  /** Age in days up to which events count in their minutes; 0 for any. */
  minutesForDays: 'MINUTES_FOR_DAYS',
  /** Days that a shard's deltas live. */
  logDays: 'LOG_DAYS',
} as const;
