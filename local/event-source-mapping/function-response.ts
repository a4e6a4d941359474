import type { Invocation } from '../function-runtime/lambda-function';
import type { StreamRecord } from '../stream-reader';

/** What an invocation means for its batch. */
export type BatchResult =
  | { readonly kind: 'succeeded' }
  /** Everything before `index` is done; `index` is at least 1. */
  | { readonly kind: 'succeeded-before'; readonly index: number }
  /** The function answered, and reported the batch from its first record, or something that is no report. */
  | { readonly kind: 'reported-failed' }
  /** The function threw, timed out or died. */
  | { readonly kind: 'threw' };

/**
 * Reads a function's answer as a mapping does (AWS docs: reporting batch item failures). The lowest sequence number
 * reported counts: everything from it on is delivered again. An identifier that is not of the batch makes the whole
 * batch fail, since no part of it can be trusted to be done.
 */
export function readResponse(
  invocation: Invocation,
  records: readonly StreamRecord[],
  reportBatchItemFailures: boolean,
): BatchResult {
  if (invocation.kind === 'failed') return { kind: 'threw' };
  if (!reportBatchItemFailures) return { kind: 'succeeded' };
  const failures = reportedFailures(invocation.payload);
  if (failures === undefined || (Array.isArray(failures) && failures.length === 0))
    return { kind: 'succeeded' };
  if (!Array.isArray(failures)) return { kind: 'reported-failed' };

  const places = new Map<unknown, number>(
    records.map(({ sequenceNumber }, place) => [sequenceNumber, place]),
  );
  let index = records.length;
  for (const failure of failures) index = Math.min(index, places.get(identifierOf(failure)) ?? -1);
  return index > 0 ? { kind: 'succeeded-before', index } : { kind: 'reported-failed' };
}

/** Answers without a report, of any type, are no failure. */
function reportedFailures(payload: unknown): unknown {
  if (typeof payload !== 'object' || payload === null || !('batchItemFailures' in payload)) return undefined;
  return payload.batchItemFailures ?? undefined;
}

function identifierOf(failure: unknown): unknown {
  return typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure
    ? failure.itemIdentifier
    : undefined;
}
