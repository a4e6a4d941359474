import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { parseAndPrint } from './parse-and-print';

/** As blueprints have it: one record after the other. */
export async function handler(event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> {
  return { records: event.records.map(parseAndPrint) };
}
