import { createHash } from 'node:crypto';
import { isObject, numberIn, textIn } from '../json/json-object';
import { linesIn } from './lines-in';

/** A record that Firehose could not deliver, as a line of an error object has it: without shard and place. */
export interface ErrorDocument {
  readonly ok: true;
  readonly data: Buffer;
  /** Epoch milliseconds at which Firehose says that the record came; the stream may say otherwise. */
  readonly arrivedAt: number;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly attempts: number | undefined;
  /** Undefined for errors that are not the function's. */
  readonly functionArn: string | undefined;
}

/** An object, or a line of one, that is not what its key says. */
export interface Unreadable {
  readonly ok: false;
  readonly problem: string;
}

/** One after the other: an object may hold hundreds of megabytes. */
export function* readErrorObject(body: Buffer): Generator<ErrorDocument | Unreadable> {
  for (const line of linesIn(body)) yield readErrorDocument(line.toString());
}

/** One line of an error object. */
export function readErrorDocument(line: string): ErrorDocument | Unreadable {
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

/** Tells records apart that have no place. */
export function digestOf(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('base64');
}
