/** What CloudWatch calls a metric: all three together name one series. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What was measured within a minute. */
export interface Samples {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** How often each value was measured, for percentiles. */
  readonly values: ReadonlyMap<number, number>;
}

/** Where the samples are. */
export interface MetricSource {
  /**
   * The samples of each minute that has any.
   *
   * @param from epoch milliseconds, at a full minute
   * @param to not part of the range
   */
  samples(metric: Metric, from: number, to: number): readonly Samples[];
}

/** One text for a metric, however its dimensions are ordered. */
export function metricKey({ namespace, name, dimensions }: Metric): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([namespace, name, ...sorted]);
}
