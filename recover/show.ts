import { SetupError } from '../cli/setup-error';
import { errorPrefix, onFailurePrefix, repairedPrefix } from '../contract/bucket-prefixes';
import { eventIndex } from '../domain/event/position';
import { type Reading, readRecord, readStreamRecord } from '../domain/event/record';
import type { FailureStores } from './list';
import { readErrorObject } from './objects/error-object';
import { readOnFailureObject } from './objects/on-failure-object';

/** What one line of a record is to the parser as it is now. */
export type ShownLine =
  /** `index` is the place in the record, the archive's `subSequenceNumber`; `event` the text as it was sent. */
  | { readonly index: number; readonly ok: true; readonly event: string }
  | { readonly index: number; readonly ok: false; readonly reason: string; readonly raw: string };

export interface ShownRecord {
  /** Undefined under the error prefix. */
  readonly sequenceNumber: string | undefined;
  readonly arrivedAt: string;
  /** Why the record is here. */
  readonly failure: string;
  readonly lines: readonly ShownLine[];
}

export interface ShownObject {
  readonly key: string;
  readonly kind: 'given up' | 'rejected';
  /** `stream/shardId`; undefined under the error prefix. */
  readonly shard: string | undefined;
  readonly records: readonly ShownRecord[];
  /** Lines that are no records. */
  readonly problems: readonly string[];
}

/** Reads one object that `list` names. Throws a `SetupError` for a key that is none, or for an unreadable object. */
export async function showObject(stores: FailureStores, key: string): Promise<ShownObject> {
  const isRejected = key.startsWith(errorPrefix);
  if (!isRejected && !key.startsWith(onFailurePrefix) && !key.startsWith(repairedPrefix)) {
    throw new SetupError(
      `the key is "${key}"; allowed: one that "recover list" names, below ${onFailurePrefix}, ${repairedPrefix} or ${errorPrefix}`,
    );
  }
  const body = await (isRejected ? stores.archive : stores.onFailure)?.get(key);
  if (body === undefined)
    throw new SetupError(`there is no object ${key}; "recover list" has those there are`);
  return isRejected ? showRejected(key, body) : showGivenUp(key, body);
}

function showGivenUp(key: string, body: Buffer): ShownObject {
  const object = readOnFailureObject(body);
  if (!object.ok) throw new SetupError(`${key} cannot be read: ${object.problem}`);
  const { condition = 'condition unknown', error, invocations } = object;
  const failure = `${condition}: ${error}${invocations === undefined ? '' : `, ${invocations} invocations`}`;
  const records = object.batch.records.map(({ sequenceNumber, data, arrivedAt }) => ({
    sequenceNumber,
    arrivedAt: iso(arrivedAt),
    failure,
    lines: readStreamRecord(data, arrivedAt).flatMap((readings, subsequence) =>
      readings.map((reading, line) => shownLine(eventIndex(subsequence, line), reading)),
    ),
  }));
  return { key, kind: 'given up', shard: object.batch.shard, records, problems: [] };
}

function showRejected(key: string, body: Buffer): ShownObject {
  const records: ShownRecord[] = [];
  const problems: string[] = [];
  for (const document of readErrorObject(body)) {
    if (!document.ok) {
      problems.push(document.problem);
      continue;
    }
    const { data, arrivedAt, errorCode, errorMessage, attempts, functionArn } = document;
    const by = functionArn === undefined ? '' : ` by ${functionArn}`;
    const tries = attempts === undefined ? '' : `, ${attempts} attempts`;
    records.push({
      sequenceNumber: undefined,
      arrivedAt: iso(arrivedAt),
      failure: `${errorCode}: ${errorMessage}${by}${tries}`,
      lines: readRecord(data, arrivedAt).map((reading, line) => shownLine(line, reading)),
    });
  }
  return { key, kind: 'rejected', shard: undefined, records, problems };
}

function shownLine(index: number, reading: Reading): ShownLine {
  return reading.ok
    ? { index, ok: true, event: reading.bytes.toString() }
    : { index, ok: false, reason: reading.reason, raw: reading.bytes.toString('base64') };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
