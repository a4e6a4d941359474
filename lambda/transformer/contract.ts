/** The dimension `service` of its metrics, and the word in its log lines. */
export const transformerService = 'transformer';

/** Metrics of a batch, those that an alarm or the dashboard looks at. Its log line has every count. */
export const TransformerMetric = {
  valid: 'EventsValid',
  /** Records that are answered with ProcessingFailed. */
  recordsWithoutRoom: 'RecordsWithoutRoom',
} as const;
