/** CloudWatch namespace of the embedded metrics of every function of the pipeline. */
export const metricsNamespace = 'Clickstream';

/** Variables of every function's environment: which deployment it belongs to. */
export const FunctionEnvironment = { project: 'PROJECT', stage: 'STAGE' } as const;

/** The dimensions of every metric: without them, two deployments in one account would be one series. */
export interface MetricSource {
  readonly project: string;
  readonly stage: string;
  /** Name of the function. */
  readonly service: string;
}

/** @throws Error that names the variable that is missing */
export function metricSource(
  service: string,
  environment: Readonly<Record<string, string | undefined>>,
): MetricSource {
  const text = (name: string): string => {
    const value = environment[name];
    if (!value) throw new Error(`environment variable ${name} is not set`);
    return value;
  };
  return { project: text(FunctionEnvironment.project), stage: text(FunctionEnvironment.stage), service };
}

/** What a function prints: a line of JSON each, which CloudWatch Logs can search. */
export interface FunctionLog {
  /** @param details counts; no event and nothing of a visitor */
  log(level: 'INFO' | 'WARN', message: string, details: Readonly<Record<string, unknown>>): void;
  /**
   * Counts that CloudWatch reads from the line and keeps as metrics, with the source as their dimensions (CloudWatch
   * docs: embedded metric format specification).
   *
   * @param counts by the metric's name, a hundred at the most
   * @param dimensions further ones, for all of the counts
   */
  count(counts: Readonly<Record<string, number>>, dimensions?: Readonly<Record<string, string>>): void;
}

/**
 * @param print writes a line, with nothing before it
 * @param now epoch milliseconds
 */
export function functionLog(
  source: MetricSource,
  print: (line: string) => void,
  now: () => number,
): FunctionLog {
  return {
    log(level, message, details) {
      const timestamp = new Date(now()).toISOString();
      print(JSON.stringify({ level, message, timestamp, service: source.service, ...details }));
    },
    count(counts, dimensions = {}) {
      const directive = {
        Namespace: metricsNamespace,
        Dimensions: [[...Object.keys(source), ...Object.keys(dimensions)]],
        Metrics: Object.keys(counts).map((Name) => ({ Name, Unit: 'Count' })),
      };
      const embedded = { Timestamp: now(), CloudWatchMetrics: [directive] };
      print(JSON.stringify({ _aws: embedded, ...source, ...dimensions, ...counts }));
    },
  };
}
