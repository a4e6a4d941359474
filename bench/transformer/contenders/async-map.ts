import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { parseAndPrint } from './parse-and-print';

/** As samples have it that may call something for each record: a promise each, awaited together. */
export async function handler(event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> {
  return { records: await Promise.all(event.records.map(async (record) => parseAndPrint(record))) };
}
