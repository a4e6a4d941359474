import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { functionLog, metricSource } from '../../domain/function/function-log';
import { TransformerMetric, transformerService } from './contract';
import { transform } from './transform';

// Not `console`, before whose lines the runtime writes the time.
const { log, count } = functionLog(
  metricSource(transformerService, process.env),
  (line) => process.stdout.write(`${line}\n`),
  Date.now,
);

/** Makes archive lines of the records that Firehose hands over. */
export async function handler(event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> {
  const { answers, invalidByReason, ...counts } = transform(event.records);
  log('INFO', 'batch transformed', {
    records: answers.length,
    ...counts,
    invalidByReason: Object.fromEntries(invalidByReason),
  });
  count({
    [TransformerMetric.valid]: counts.valid,
    [TransformerMetric.recordsWithoutRoom]: counts.recordsWithoutRoom,
  });
  return { records: [...answers] };
}
