import { resubmittedPrefix } from '../../contract/bucket-prefixes';
import { isObject } from '../../domain/json/json-object';
import type { ObjectStore } from '../objects/object-store';

/** Where a record went that was sent again. */
export interface Resubmitted {
  /** Number of the record in its error object, from 0. */
  readonly index: number;
  readonly shardId: string;
  readonly sequenceNumber: string;
}

/** What earlier requests have done with an error object's records. */
export interface Attempts {
  readonly sent: readonly Resubmitted[];
  /** Records that may be in the stream or not: the request had no answer, or the process died around it. */
  readonly inDoubt: readonly number[];
  /** How many requests there were. */
  readonly count: number;
}

/** What became of a request. Of its records, those that are neither here nor there were definitely not taken. */
export interface RequestOutcome {
  readonly sent: readonly Resubmitted[];
  readonly inDoubt: readonly number[];
}

/** The documents of a request: which records it is to send, written before; and what became of them, written after. */
function keysOf(errorKey: string, request: number): { readonly intent: string; readonly outcome: string } {
  const number = String(request).padStart(6, '0');
  const base = `${resubmittedPrefix}${errorKey}/${number}`;
  return { intent: `${base}-intent.json`, outcome: `${base}-outcome.json` };
}

/** Throws for a document that is none of these: then nobody knows what was sent. */
export async function readAttempts(store: ObjectStore, errorKey: string): Promise<Attempts> {
  const sent: Resubmitted[] = [];
  const inDoubt: number[] = [];
  for (let request = 0; ; request++) {
    const { intent, outcome } = keysOf(errorKey, request);
    const intended = await readDocument(store, intent);
    if (!intended) return { sent, inDoubt, count: request };
    const known = await readDocument(store, outcome);
    sent.push(...((known?.sent ?? []) as Resubmitted[]));
    inDoubt.push(...((known ? known.inDoubt : intended.indices) as number[]));
  }
}

/** @throws if another run has written the intent of this request meanwhile */
export async function writeIntent(
  store: ObjectStore,
  errorKey: string,
  request: number,
  indices: readonly number[],
): Promise<void> {
  await store.create(keysOf(errorKey, request).intent, jsonOf({ indices }));
}

export async function writeOutcome(
  store: ObjectStore,
  errorKey: string,
  request: number,
  outcome: RequestOutcome,
): Promise<void> {
  await store.put(keysOf(errorKey, request).outcome, jsonOf(outcome));
}

function jsonOf(document: object): Buffer {
  return Buffer.from(`${JSON.stringify(document)}\n`);
}

async function readDocument(
  store: ObjectStore,
  key: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const body = await store.get(key);
  if (body === undefined) return undefined;
  const document: unknown = JSON.parse(body.toString());
  const isAttempt =
    isObject(document) &&
    (Array.isArray(document.indices) || (Array.isArray(document.sent) && Array.isArray(document.inDoubt)));
  if (!isAttempt) throw new Error(`${key} is not what resubmit writes: nobody knows what was sent`);
  return document;
}
