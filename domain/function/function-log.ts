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

/** What a log may say of an error: its message may have something of a visitor. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/**
 * Prints a line of JSON, one an invocation, which CloudWatch Logs can search.
 *
 * @param details what was done, in counts; no event and nothing of a visitor
 * @param metrics what CloudWatch also keeps as metrics, with the source as their dimensions (CloudWatch docs: embedded
 * metric format specification); each is charged. A name that ends in `Seconds` is in seconds, any other is a count.
 */
export type FunctionLog = (
  level: 'INFO' | 'WARN',
  message: string,
  details: Readonly<Record<string, unknown>>,
  metrics: Readonly<Record<string, number>>,
) => void;

/**
 * @param print writes a line, with nothing before it
 * @param now epoch milliseconds
 */
export function functionLog(
  source: MetricSource,
  print: (line: string) => void,
  now: () => number,
): FunctionLog {
  return (level, message, details, metrics) => {
    const at = now();
    const timestamp = new Date(at).toISOString();
    print(
      JSON.stringify({ level, message, timestamp, ...source, ...details, ...embedded(source, metrics, at) }),
    );
  };
}

/** The metrics as members of the line, and what tells CloudWatch to take them; nothing without any. */
function embedded(source: MetricSource, metrics: Readonly<Record<string, number>>, at: number): object {
  const names = Object.keys(metrics);
  if (names.length === 0) return {};
  const directive = {
    Namespace: metricsNamespace,
    Dimensions: [Object.keys(source)],
    Metrics: names.map((Name) => ({ Name, Unit: Name.endsWith('Seconds') ? 'Seconds' : 'Count' })),
  };
  return { ...metrics, _aws: { Timestamp: at, CloudWatchMetrics: [directive] } };
}
