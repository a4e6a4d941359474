import type { RecordMetric } from './metric-store';
import { functionMetric } from './service-metrics';

/** Takes Lambda's metrics of a function's URL, of each answer's status. */
export function urlMetrics(functionName: string, record: RecordMetric): (status: number) => void {
  return (status) => {
    record(functionMetric(functionName, 'UrlRequestCount'), 1);
    record(functionMetric(functionName, 'Url5xxCount'), status >= 500 ? 1 : 0);
  };
}
