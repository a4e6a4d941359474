import type { ProcessingError } from './processor-answer';
import { base64, type SourceRecord } from './processor-event';

export interface Attempts {
  readonly made: number;
  /** Epoch milliseconds at which the last one ended. */
  readonly endedAt: number;
}

/**
 * A line of a processing-failed object, in the form of objects seen since 2025: raw data first, `lambdaARN`.
 * The AWS documentation lists the same members in another order, with `lambdaArn`.
 */
export function errorLine(
  record: SourceRecord,
  error: ProcessingError,
  attempts: Attempts,
  lambdaArn: string,
): Buffer {
  const document = {
    rawData: base64(record.data),
    errorCode: error.code,
    errorMessage: error.message,
    attemptsMade: attempts.made,
    arrivalTimestamp: Math.trunc(record.arrivedAt),
    attemptEndingTimestamp: Math.trunc(attempts.endedAt),
    lambdaARN: lambdaArn,
  };
  return Buffer.from(`${JSON.stringify(document)}\n`, 'utf8');
}
