import { resubmittedPrefix } from '../../contract/bucket-prefixes';
import { isObject } from '../../domain/json/json-object';
import type { ObjectStore } from '../objects/object-store';

/** Where a line went that was sent again. */
export interface Resubmitted {
  /** Where it was rejected, as `placeId` writes it: in the archive it may stand more than once. */
  readonly from: string;
  readonly shardId: string;
  readonly sequenceNumber: string;
}

/** What earlier requests have done with lines, of whatever object. */
export interface Attempts {
  readonly sent: ReadonlySet<string>;
  /** Lines that may be in the stream or not: the request had no answer, or the process died around it. */
  readonly inDoubt: ReadonlySet<string>;
  /** How many requests there were. */
  readonly requests: number;
}

/** What became of a request. Of its lines, those that are neither here nor there were definitely not taken. */
export interface RequestOutcome {
  readonly sent: readonly Resubmitted[];
  readonly inDoubt: readonly string[];
}

/** The documents of a request: which lines it is to send, written before; and what became of them, written after. */
const intentEnd = '-intent.json';
const outcomeEnd = '-outcome.json';

function nameOf(request: number): string {
  return `${resubmittedPrefix}${String(request).padStart(8, '0')}`;
}

/** Throws for a document that is none of these: then nobody knows what was sent. */
export async function readAttempts(store: ObjectStore): Promise<Attempts> {
  const sent = new Set<string>();
  const inDoubt = new Set<string>();
  let requests = 0;
  for await (const { key } of store.list(resubmittedPrefix)) {
    if (!key.endsWith(intentEnd)) continue;
    requests++;
    const outcome = await readDocument(store, key.replace(intentEnd, outcomeEnd));
    for (const { from } of (outcome?.sent ?? []) as Resubmitted[]) sent.add(from);
    const unknown = outcome ? outcome.inDoubt : (await readDocument(store, key))?.lines;
    for (const line of unknown as string[]) inDoubt.add(line);
  }
  return { sent, inDoubt, requests };
}

/** The places of lines that were sent again: they count where they went. */
export async function readSentAgain(store: ObjectStore): Promise<ReadonlySet<string>> {
  return (await readAttempts(store)).sent;
}

/**
 * Says which lines a request is to send, before it goes.
 *
 * @throws if another run has written the intent of this request meanwhile
 */
export async function writeIntent(
  store: ObjectStore,
  request: number,
  lines: readonly string[],
): Promise<void> {
  await store.create(`${nameOf(request)}${intentEnd}`, jsonOf({ lines }));
}

/** Says what became of a request, after it. */
export async function writeOutcome(
  store: ObjectStore,
  request: number,
  outcome: RequestOutcome,
): Promise<void> {
  await store.put(`${nameOf(request)}${outcomeEnd}`, jsonOf(outcome));
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
    (Array.isArray(document.lines) || (Array.isArray(document.sent) && Array.isArray(document.inDoubt)));
  if (!isAttempt) throw new Error(`${key} is not what resubmit writes: nobody knows what was sent`);
  return document;
}
