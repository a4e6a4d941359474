import type { Deployment } from './deployment';
import type { RunningFunction } from './function-runtime/start-function';
import { readDemoSite } from './function-url/demo-site';
import { type ServedFunctionUrl, serveFunctionUrl } from './function-url/serve-function-url';
import type { RecordMetric } from './metrics/metric-store';
import { urlMetrics } from './metrics/url-metrics';

/**
 * Serves the function that has an address, and the demo site beside it; undefined for a deployment without one.
 * @throws Error if there are several: the laptop has one port for them
 */
export async function startCollector(
  port: number,
  { functionUrls }: Deployment,
  functions: ReadonlyMap<string, RunningFunction>,
  record: RecordMetric,
): Promise<ServedFunctionUrl | undefined> {
  const [url, ...others] = functionUrls;
  if (others.length > 0)
    throw new Error(`the templates hold ${functionUrls.length} function URLs, and the laptop serves one`);
  const target = url && functions.get(url.functionArn);
  if (!target) return undefined;
  const onAnswered = urlMetrics(target.name, record);
  return serveFunctionUrl({ port, target, site: await readDemoSite(), onAnswered });
}
