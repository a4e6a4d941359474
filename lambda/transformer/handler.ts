import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { printedLog } from '../runtime/printed-log';
import { TransformerEnvironment, transformerService } from './contract';
import { reportTransformation } from './report';
import { transform } from './transform';

const log = printedLog(process.env[TransformerEnvironment.service] ?? transformerService, process.env);

/** Makes archive lines of the records that Firehose hands over. */
export async function handler(event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> {
  const transformation = transform(event.records);
  reportTransformation(transformation, log);
  return { records: [...transformation.answers] };
}
