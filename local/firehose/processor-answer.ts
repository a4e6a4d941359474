import { isObject, type JsonObject } from '../../domain/json/json-object';
import type { DeliverySettings } from './settings';

/** Why a record goes to the error output, in AWS's words. */
export interface ProcessingError {
  readonly code: string;
  readonly message: string;
}

export type Verdict =
  | { readonly kind: 'ok'; readonly data: Buffer }
  | { readonly kind: 'dropped' }
  | { readonly kind: 'failed'; readonly error: ProcessingError };

export const FUNCTION_ERROR: ProcessingError = {
  code: 'Lambda.FunctionError',
  message: 'The Lambda function was successfully invoked but it returned an error result.',
};
const INVALID_BATCH: ProcessingError = {
  code: 'Lambda.FunctionError',
  message:
    'Check your function and make sure the output is in required format. In addition to that, make sure the processed records contain valid result status of Dropped, Ok, or ProcessingFailed',
};
const MISSING_ID: ProcessingError = {
  code: 'Lambda.MissingRecordId',
  message:
    'One or more record Ids were not returned. Ensure that the Lambda function returns all received record Ids.',
};
const DUPLICATED_ID: ProcessingError = {
  code: 'Lambda.DuplicatedRecordId',
  message:
    'Multiple records were returned with the same record Id. Ensure that the Lambda function returns a unique record Id for each record.',
};
const PROCESSING_FAILED: ProcessingError = {
  code: 'Lambda.ProcessingFailedStatus',
  message: 'ProcessingFailed status set for record',
};
const NO_DATA: ProcessingError = {
  code: 'Lambda.InvalidReturnFormat',
  message:
    'The data field cannot be null when the SourceType is DirectPut or KinesisStreamAsSource and processing result is Ok. The value field cannot be null when the SourceType is MSKAsSource and processing result is Ok.',
};
// The words are ours: no observation of AWS gives any for a single invalid record.
const INVALID_RECORD: ProcessingError = {
  code: 'Lambda.InvalidReturnFormat',
  message: 'The result must be Ok, Dropped or ProcessingFailed, and the data of an Ok must be base64.',
};

/**
 * Reads what the function returned for a batch, as a verdict for each of the batch's records. Order and unknown
 * ids in the answer do not matter. An answer without a list of records misses every id.
 */
export function readAnswer(
  answer: unknown,
  recordIds: readonly string[],
  invalidAnswer: DeliverySettings['invalidAnswer'],
): (recordId: string) => Verdict {
  const entries = entriesById(answer);
  const verdicts = new Map(recordIds.map((id) => [id, verdictOf(entries.get(id) ?? [])]));
  if (invalidAnswer === 'fails-batch' && [...verdicts.values()].includes(INVALID)) {
    return () => failed(INVALID_BATCH);
  }
  return (recordId) => verdicts.get(recordId) ?? failed(MISSING_ID);
}

const failed = (error: ProcessingError): Verdict => ({ kind: 'failed', error });
const INVALID = failed(INVALID_RECORD);

function entriesById(answer: unknown): ReadonlyMap<string, readonly JsonObject[]> {
  const records = isObject(answer) ? answer.records : undefined;
  const byId = new Map<string, JsonObject[]>();
  for (const entry of Array.isArray(records) ? records : []) {
    if (!isObject(entry) || typeof entry.recordId !== 'string') continue;
    const same = byId.get(entry.recordId);
    if (same) same.push(entry);
    else byId.set(entry.recordId, [entry]);
  }
  return byId;
}

function verdictOf([entry, second]: readonly JsonObject[]): Verdict {
  if (!entry) return failed(MISSING_ID);
  if (second) return failed(DUPLICATED_ID);
  switch (entry.result) {
    case 'Dropped':
      return { kind: 'dropped' };
    case 'ProcessingFailed':
      return failed(PROCESSING_FAILED);
    case 'Ok': {
      if (entry.data === undefined || entry.data === null) return failed(NO_DATA);
      const data = decodeBase64(entry.data);
      return data ? { kind: 'ok', data } : INVALID;
    }
    default:
      return INVALID;
  }
}

/** `Buffer.from` skips what is not base64, so the alphabet and the length are looked at first. */
function decodeBase64(data: unknown): Buffer | undefined {
  if (typeof data !== 'string') return undefined;
  const digits = data.replace(/={1,2}$/, '');
  const isPadded = digits.length < data.length;
  if (/[^A-Za-z0-9+/]/.test(digits) || digits.length % 4 === 1) return undefined;
  if (isPadded && data.length % 4 !== 0) return undefined;
  return Buffer.from(digits, 'base64');
}
