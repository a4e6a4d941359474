/** The dimension `service` of its metrics, and the word in its log lines. */
export const queryService = 'query';

/** Environment variables that the query function's construct sets and its handler reads. */
export const QueryEnvironment = {
  /** Name of the aggregates table. */
  tableName: 'TABLE_NAME',
  /** What the names of the pipeline's stacks begin with. */
  pipeline: 'PIPELINE',
  /** What distinct visitors are counted for: the setting `uniqueVisitors`. */
  uniqueVisitors: 'UNIQUE_VISITORS',
  /** Days that minutes, hours and days are kept: `7,30,90`. */
  retentionDays: 'RETENTION_DAYS',
} as const;

/** Those of the function that answers for the pipeline's health. */
export const HealthEnvironment = {
  ...QueryEnvironment,
  /** Name of the bucket with the batches that were given up. */
  onFailureBucket: 'ON_FAILURE_BUCKET',
} as const;
