/** The dimension `service` of its metrics, and the word in its log lines. */
export const transformerService = 'transformer';

/** The same of a second transformer, whose lines become Parquet: its counts are not those of the archive. */
export const parquetTransformerService = 'parquet-transformer';

/** Metrics of a batch, those that an alarm or the dashboard looks at. Its log line has every count. */
export const TransformerMetric = {
  valid: 'EventsValid',
  /** Records that are answered with ProcessingFailed. */
  recordsWithoutRoom: 'RecordsWithoutRoom',
} as const;

export const TransformerEnvironment = {
  /** The word for its metrics. @default `transformerService` */
  service: 'SERVICE',
} as const;
