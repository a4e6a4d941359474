/** CloudWatch namespace of the embedded metrics of every function of the pipeline. */
const metricsNamespace = 'Clickstream';

/** What a function prints: a line of JSON each, which CloudWatch Logs can search. */
export interface FunctionLog {
  /** @param details counts; no event and nothing of a visitor */
  log(level: 'INFO' | 'WARN', message: string, details: Readonly<Record<string, unknown>>): void;
  /**
   * Counts that CloudWatch reads from the line and keeps as metrics, with the service as their dimension (CloudWatch
   * docs: embedded metric format specification).
   *
   * @param counts by the metric's name, a hundred at the most
   * @param dimensions further ones, for all of the counts
   */
  count(counts: Readonly<Record<string, number>>, dimensions?: Readonly<Record<string, string>>): void;
}

/**
 * @param service name of the function
 * @param print writes a line, with nothing before it
 * @param now epoch milliseconds
 */
export function functionLog(service: string, print: (line: string) => void, now: () => number): FunctionLog {
  return {
    log(level, message, details) {
      const timestamp = new Date(now()).toISOString();
      print(JSON.stringify({ level, message, timestamp, service, ...details }));
    },
    count(counts, dimensions = {}) {
      const directive = {
        Namespace: metricsNamespace,
        Dimensions: [['service', ...Object.keys(dimensions)]],
        Metrics: Object.keys(counts).map((Name) => ({ Name, Unit: 'Count' })),
      };
      const embedded = { Timestamp: now(), CloudWatchMetrics: [directive] };
      print(JSON.stringify({ _aws: embedded, service, ...dimensions, ...counts }));
    },
  };
}
