import { isObject, numberIn, textIn } from '../../domain/json/json-object';
import type { Unreadable } from './unreadable';

/** A record that Firehose could not deliver, as a line of an error object has it: without shard and place. */
export interface ErrorDocument {
  readonly ok: true;
  readonly data: Buffer;
  /** Epoch milliseconds at which the stream took the record. */
  readonly arrivedAt: number;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly attempts: number | undefined;
  /** Undefined for errors that are not the function's. */
  readonly functionArn: string | undefined;
}

export function readErrorObject(body: Buffer): (ErrorDocument | Unreadable)[] {
  return body
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map(readErrorDocument);
}

function readErrorDocument(line: string): ErrorDocument | Unreadable {
  let document: unknown;
  try {
    document = JSON.parse(line);
  } catch {
    return { ok: false, problem: 'the line is not JSON' };
  }
  if (!isObject(document)) return { ok: false, problem: 'the line is no error document' };
  const data = textIn(document, 'rawData');
  const arrivedAt = numberIn(document, 'arrivalTimestamp');
  if (data === undefined || arrivedAt === undefined) {
    return { ok: false, problem: 'the error document has no rawData or no arrivalTimestamp' };
  }
  return {
    ok: true,
    data: Buffer.from(data, 'base64'),
    arrivedAt,
    errorCode: textIn(document, 'errorCode') ?? 'unknown',
    errorMessage: textIn(document, 'errorMessage') ?? '',
    attempts: numberIn(document, 'attemptsMade'),
    // Objects of AWS have the first spelling, its documentation the second.
    functionArn: textIn(document, 'lambdaARN') ?? textIn(document, 'lambdaArn'),
  };
}
