import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { functionLog, metricSource } from '../../domain/function/function-log';
import { TransformerEnvironment, transformerService } from './contract';
import { reportTransformation } from './report';
import { transform } from './transform';

// Not `console`, before whose lines the runtime writes the time.
const log = functionLog(
  metricSource(process.env[TransformerEnvironment.service] ?? transformerService, process.env),
  (line) => process.stdout.write(`${line}\n`),
  Date.now,
);

/** Makes archive lines of the records that Firehose hands over. */
export async function handler(event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> {
  const transformation = transform(event.records);
  reportTransformation(transformation, log);
  return { records: [...transformation.answers] };
}
