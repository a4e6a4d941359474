import type { Clock } from '../clock';
import type { Invocation, LambdaFunction } from '../function-runtime/lambda-function';
import { delayAfter } from './backoff';
import type { Attempts } from './error-document';
import type { OnDeliveryEvent } from './events';
import { FUNCTION_ERROR, type ProcessingError, readAnswer, type Verdict } from './processor-answer';
import { type EventSource, eventJson, MAX_PAYLOAD_BYTES, type SourceRecord } from './processor-event';
import type { DeliverySettings } from './settings';

export interface Outcome {
  readonly record: SourceRecord;
  readonly verdict: Verdict;
}

export interface Transformed {
  /** One for each record, in the order of the records. */
  readonly outcomes: readonly Outcome[];
  readonly attempts: Attempts;
}

/** `undefined` when the signal aborted before there was a verdict. */
export type Transform = (records: readonly SourceRecord[]) => Promise<Transformed | undefined>;

export interface TransformerContext {
  readonly source: EventSource;
  readonly retries: number;
  readonly clock: Clock;
  readonly uuid: () => string;
  readonly settings: Pick<DeliverySettings, 'functionRetry' | 'invalidAnswer'>;
  readonly signal: AbortSignal;
  readonly onEvent: OnDeliveryEvent;
}

// The words are ours. A stream whose records may pass 1 MiB can hold one whose event is too large to be sent.
const EVENT_TOO_LARGE: ProcessingError = {
  code: 'Lambda.FunctionError',
  message: "The record's event exceeds the 6 MB that a function may be given.",
};

/**
 * Runs batches through the function. One that fails, or whose answer exceeds 6 MB, is invoked again with a fresh
 * invocation id, and fails all its records once the retries are used up; an answer that is merely wrong is final.
 */
export function createTransformer(fn: LambdaFunction, context: TransformerContext): Transform {
  const { source, retries, clock, uuid, settings, signal, onEvent } = context;

  return async (records) => {
    const outcomes = (verdictOf: (recordId: string) => Verdict): Outcome[] =>
      records.map((record) => ({ record, verdict: verdictOf(record.recordId) }));
    const allFail = (error: ProcessingError) => outcomes(() => ({ kind: 'failed', error }));
    for (let made = 1; !signal.aborted; made++) {
      const event = eventJson(records, source, uuid());
      if (Buffer.byteLength(event) > MAX_PAYLOAD_BYTES) {
        return { outcomes: allFail(EVENT_TOO_LARGE), attempts: { made, endedAt: clock.now() } };
      }
      const invocation = await invoke(fn, event);
      if (signal.aborted) return undefined;
      const attempts = { made, endedAt: clock.now() };
      const reason = failureOf(invocation);
      if (invocation.kind === 'returned' && !reason) {
        onEvent({ kind: 'invoked', attempt: made });
        const ids = records.map((record) => record.recordId);
        return { outcomes: outcomes(readAnswer(invocation.payload, ids, settings.invalidAnswer)), attempts };
      }
      onEvent({ kind: 'invocation-failed', attempt: made, reason: reason ?? '' });
      if (made > retries) return { outcomes: allFail(FUNCTION_ERROR), attempts };
      await clock.sleep(delayAfter(made, settings.functionRetry), signal);
    }
    return undefined;
  };
}

/** A delivery stream without a processor delivers what it reads. */
export function passThrough(clock: Clock): Transform {
  return async (records) => ({
    outcomes: records.map((record) => ({ record, verdict: { kind: 'ok', data: Buffer.from(record.data) } })),
    attempts: { made: 0, endedAt: clock.now() },
  });
}

/** A function that cannot be invoked is to Firehose what one that fails is: the batch is tried again. */
async function invoke(fn: LambdaFunction, event: string): Promise<Invocation> {
  try {
    return await fn.invoke(event);
  } catch (error) {
    return { kind: 'failed', errorType: 'NotInvoked', errorMessage: String(error) };
  }
}

function failureOf(invocation: Invocation): string | undefined {
  if (invocation.kind === 'failed') return invocation.errorType;
  return invocation.payloadBytes > MAX_PAYLOAD_BYTES ? 'ResponseSizeTooLarge' : undefined;
}
