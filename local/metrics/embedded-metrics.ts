import { isObject, numberIn, parseObject, textIn } from '../../domain/json/json-object';
import type { RecordMetric } from './metric-store';

/**
 * Takes the metrics that a function has put into a line of its log (CloudWatch docs: embedded metric format
 * specification). A line without any is passed over, as CloudWatch Logs does.
 */
export function recordEmbedded(line: string, record: RecordMetric): void {
  if (!line.includes('"_aws"')) return;
  const document = parseObject(line);
  const aws = document?._aws;
  if (!document || !isObject(aws) || !Array.isArray(aws.CloudWatchMetrics)) return;
  const at = numberIn(aws, 'Timestamp');
  for (const directive of aws.CloudWatchMetrics) {
    if (!isObject(directive)) continue;
    const namespace = textIn(directive, 'Namespace');
    if (namespace === undefined || !Array.isArray(directive.Dimensions)) continue;
    for (const names of directive.Dimensions) {
      const dimensions = Array.isArray(names) ? dimensionsOf(names, document) : undefined;
      if (!dimensions || !Array.isArray(directive.Metrics)) continue;
      for (const metric of directive.Metrics) {
        const name = isObject(metric) ? textIn(metric, 'Name') : undefined;
        const value = name === undefined ? undefined : numberIn(document, name);
        if (name === undefined || value === undefined) continue;
        record({ namespace, name, dimensions }, value, at === undefined ? {} : { at });
      }
    }
  }
}

/** Undefined if one of them has no value in the line. */
function dimensionsOf(
  names: readonly unknown[],
  document: Readonly<Record<string, unknown>>,
): Record<string, string> | undefined {
  const dimensions: Record<string, string> = {};
  for (const name of names) {
    const value = typeof name === 'string' ? document[name] : undefined;
    if (typeof name !== 'string' || typeof value !== 'string') return undefined;
    dimensions[name] = value;
  }
  return dimensions;
}
