import type { Unreadable } from '../../domain/archive/error-object';
import { isObject, numberIn, objectIn, textIn } from '../../domain/json/json-object';
import { readKinesisEvent, type ShardBatch } from '../../lambda/aggregator/kinesis-event';

/** A batch that an event source mapping gave up, as its S3 destination has it. */
export interface OnFailureObject {
  readonly ok: true;
  /** When the mapping gave up: ISO 8601. */
  readonly at: string | undefined;
  /** `RetryAttemptsExhausted` or `RecordAgeExceeded`. */
  readonly condition: string | undefined;
  readonly invocations: number | undefined;
  /** How the last invocation ended, in words. */
  readonly error: string;
  /** The records, read as the function reads them. */
  readonly batch: ShardBatch;
}

/** Reads such an object. Only the payload has to be there: everything else is said where it is known. */
export function readOnFailureObject(body: Buffer): OnFailureObject | Unreadable {
  let document: unknown;
  let payload: unknown;
  try {
    document = JSON.parse(body.toString());
    payload = isObject(document) ? document.payload : undefined;
    if (typeof payload === 'string') payload = JSON.parse(payload);
  } catch {
    return { ok: false, problem: 'it is not the JSON of an on-failure object' };
  }
  if (!isObject(document) || !isObject(payload) || !Array.isArray(payload.Records)) {
    return { ok: false, problem: 'it has no payload with Records' };
  }
  const request = objectIn(document, 'requestContext');
  try {
    return {
      ok: true,
      at: textIn(document, 'timestamp'),
      condition: textIn(request, 'condition'),
      invocations: numberIn(request, 'approximateInvokeCount'),
      error: lastResponse(document),
      batch: readKinesisEvent(payload as unknown as Parameters<typeof readKinesisEvent>[0]),
    };
  } catch (error) {
    return { ok: false, problem: `its payload is not a Kinesis event: ${(error as Error).message}` };
  }
}

/** A batch that grew too old before it was handed out has no response. */
function lastResponse(document: Readonly<Record<string, unknown>>): string {
  const response = objectIn(document, 'responseContext');
  if (response === undefined) return 'the function was not invoked, or the records grew too old';
  const error = textIn(response, 'functionError');
  return error === undefined ? 'the function reported records as failed' : `the function failed: ${error}`;
}
