/** The dimension `service` of its metrics, and the word in its log lines. */
export const anomaliesService = 'anomalies';

/** Metrics of an invocation: what is unusual in the latest hour that is whole, by what it is of. */
export const AnomaliesMetric = {
  ofTotal: 'TotalAnomalies',
  ofTypes: 'TypeAnomalies',
  ofPages: 'PageAnomalies',
  /** Many clicks of few visitors. */
  ofVisitors: 'VisitorAnomalies',
  /** Since the end of the latest hour that could be judged. */
  behindSeconds: 'JudgedBehindSeconds',
} as const;

/** Environment variables that the function's construct sets and its handler reads. */
export const AnomaliesEnvironment = {
  /** Name of the aggregates table. */
  tableName: 'TABLE_NAME',
  /** Age at which a delta becomes part of the items. */
  compactionSeconds: 'COMPACTION_SECONDS',
  /** Days that items of an hour live. */
  hourRetentionDays: 'HOUR_RETENTION_DAYS',
  /** What distinct visitors are counted for: the setting `uniqueVisitors`. */
  uniqueVisitors: 'UNIQUE_VISITORS',
} as const;
