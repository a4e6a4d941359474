import type { Clock } from '../../clock';
import { delayAfter } from '../backoff';
import type { OnDeliveryEvent } from '../events';
import { base64 } from '../processor-event';
import type { DeliverySettings } from '../settings';
import type { Destination, Fate, OutgoingRecord, Refusal } from './destination';

export interface DeliverBatchContext {
  readonly destination: Destination;
  readonly retrySeconds: number;
  readonly settings: Pick<DeliverySettings, 'destinationRetry'>;
  readonly clock: Clock;
  readonly uuid: () => string;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly onEvent: OnDeliveryEvent;
  /** Keeps the error document of a record that is given up. */
  readonly giveUp: (record: OutgoingRecord, document: Buffer) => void;
}

/**
 * Delivers a batch, and tries again what fails for as long as retries last, counted from the first failure; what an attempt
 * under way then still delivers is delivered. False if the signal aborted before there was an end.
 */
export async function deliverBatch(
  batch: readonly OutgoingRecord[],
  context: DeliverBatchContext,
): Promise<boolean> {
  const { destination, retrySeconds, settings, clock, uuid, random, signal, onEvent } = context;
  const request = { requestId: uuid(), madeAt: clock.now() };
  let records = batch;
  let failingSince: number | undefined;
  for (let attempt = 1; ; attempt++) {
    if (signal.aborted) return false;
    const fates = await fatesOf(destination.attempt({ ...request, records }, signal), signal);
    if (!fates) return false;
    const { delivered, refused } = sorted(records, fates);
    if (delivered.length > 0) {
      onEvent({ kind: 'delivered', records: delivered.length, bytes: bytesOf(delivered) });
    }
    if (refused.length === 0) return true;
    const { code } = refused[0]!.refusal;
    onEvent({ kind: 'delivery-failed', attempt, records: refused.length, code });

    const lost = refused.filter(({ next }) => next === 'lost');
    if (lost.length > 0) onEvent({ kind: 'records-lost', records: lost.length, code });
    const open = refused.filter(({ next }) => next === 'again');
    failingSince ??= clock.now();
    const { jitter } = settings.destinationRetry;
    const wait = delayAfter(attempt, settings.destinationRetry) * (1 - jitter + 2 * jitter * random());
    if (clock.now() + wait - failingSince > retrySeconds * 1000) {
      for (const { record, refusal } of open) {
        context.giveUp(record, errorLine(record, refusal, attempt, context));
      }
      return true;
    }
    if (open.length === 0) return true;
    records = open.map(({ record }) => record);
    await clock.sleep(wait, signal);
  }
}

/** `undefined` if the attempt was ended by the signal. */
async function fatesOf(
  attempt: Promise<readonly Fate[]>,
  signal: AbortSignal,
): Promise<readonly Fate[] | undefined> {
  try {
    const fates = await attempt;
    return signal.aborted && !fates.includes('delivered') ? undefined : fates;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

interface Refused {
  readonly record: OutgoingRecord;
  readonly refusal: Refusal;
  readonly next: 'again' | 'lost';
}

function sorted(records: readonly OutgoingRecord[], fates: readonly Fate[]) {
  const delivered: OutgoingRecord[] = [];
  const refused: Refused[] = [];
  for (const [index, record] of records.entries()) {
    const fate = fates[index]!;
    if (fate === 'delivered') delivered.push(record);
    else refused.push({ record, ...fate });
  }
  return { delivered, refused };
}

function bytesOf(records: readonly OutgoingRecord[]): number {
  return records.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
}

function errorLine(
  record: OutgoingRecord,
  { code, message }: Refusal,
  attemptsMade: number,
  { destination, clock }: DeliverBatchContext,
): Buffer {
  const document = destination.errorDocument(record, {
    attemptsMade,
    arrivalTimestamp: Math.trunc(record.arrivedAt),
    errorCode: code,
    errorMessage: message,
    attemptEndingTimestamp: Math.trunc(clock.now()),
    rawData: base64(record.bytes),
  });
  return Buffer.from(`${JSON.stringify(document)}\n`, 'utf8');
}
