import { counted } from '../cli/counted';
import { SetupError } from '../cli/setup-error';
import {
  archivePrefix,
  backfilledPrefix,
  errorPrefix,
  onFailurePrefix,
  repairedPrefix,
  undeliveredPrefix,
} from '../contract/bucket-prefixes';
import type { ArchivePlace } from '../domain/archive/archive-line';
import { readArchivedLine } from '../domain/archive/archived-line';
import { readErrorObject } from '../domain/archive/error-object';
import { linesIn } from '../domain/archive/lines-in';
import { eventIndex } from '../domain/event/position';
import { type Reading, readRecord, readStreamRecord } from '../domain/event/record';
import type { FailureStores } from './list';
import { readOnFailureObject } from './objects/on-failure-object';

/** What one line of a record is to the parser as it is now. */
export type ShownLine =
  /** `index` is the place in the record, the archive's `subSequenceNumber`; `event` the text as it was sent. */
  | { readonly index: number; readonly ok: true; readonly event: string }
  | { readonly index: number; readonly ok: false; readonly reason: string; readonly raw: string };

export interface ShownRecord {
  /** Undefined where the object says it for all of its records, and under the error prefix. */
  readonly shardId?: string;
  /** Undefined under the error prefix. */
  readonly sequenceNumber: string | undefined;
  readonly arrivedAt: string;
  /** Why the record is here. */
  readonly failure: string;
  /** The first of them. */
  readonly lines: readonly ShownLine[];
  /** How many more there are. */
  readonly more: number;
}

/** Of one record: a record of garbage may have half a million lines. */
const linesShown = 100;

export interface ShownObject {
  readonly key: string;
  readonly kind: 'given up' | 'failed' | 'rejected';
  /** `stream/shardId`; undefined in the bucket of the archive. */
  readonly shard: string | undefined;
  readonly records: readonly ShownRecord[];
  /** Lines that are no records. */
  readonly problems: readonly string[];
}

/** Reads one object that `list` names. Throws a `SetupError` for a key that is none, or for an unreadable object. */
export async function showObject(stores: FailureStores, key: string): Promise<ShownObject> {
  const isGivenUp = key.startsWith(onFailurePrefix) || key.startsWith(repairedPrefix);
  const isFailed = [errorPrefix, backfilledPrefix, undeliveredPrefix].some((prefix) =>
    key.startsWith(prefix),
  );
  const isArchived = key.startsWith(archivePrefix);
  if (!isGivenUp && !isFailed && !isArchived) {
    throw new SetupError(
      `the key is "${key}"; allowed: one that "recover list" names, below ${onFailurePrefix}, ${repairedPrefix}, ${errorPrefix}, ${undeliveredPrefix}, ${backfilledPrefix} or ${archivePrefix}`,
    );
  }
  const body = await (isGivenUp ? stores.onFailure : stores.archive)?.get(key);
  if (body === undefined)
    throw new SetupError(`there is no object ${key}; "recover list" has those there are`);
  if (isGivenUp) return showGivenUp(key, body);
  return isFailed ? showFailed(key, body) : showRejected(key, body);
}

function showGivenUp(key: string, body: Buffer): ShownObject {
  const object = readOnFailureObject(body);
  if (!object.ok) throw new SetupError(`${key} cannot be read: ${object.problem}`);
  const { condition = 'condition unknown', error, invocations } = object;
  const failure = `${condition}: ${error}${invocations === undefined ? '' : `, ${counted(invocations, 'invocation')}`}`;
  const records = object.batch.records.map(({ sequenceNumber, data, arrivedAt }) => ({
    ...{ sequenceNumber, arrivedAt: iso(arrivedAt), failure },
    ...shownLines(readStreamRecord(data, arrivedAt)),
  }));
  return { key, kind: 'given up', shard: object.batch.shard, records, problems: [] };
}

function showFailed(key: string, body: Buffer): ShownObject {
  const records: ShownRecord[] = [];
  const problems: string[] = [];
  for (const document of readErrorObject(body)) {
    if (!document.ok) {
      problems.push(document.problem);
      continue;
    }
    const { data, arrivedAt, errorCode, errorMessage, attempts, functionArn } = document;
    const by = functionArn === undefined ? '' : ` by ${functionArn}`;
    const tries = attempts === undefined ? '' : `, ${counted(attempts, 'attempt')}`;
    records.push({
      sequenceNumber: undefined,
      arrivedAt: iso(arrivedAt),
      failure: `${errorCode}: ${errorMessage}${by}${tries}`,
      ...(functionArn === undefined && key.startsWith(undeliveredPrefix)
        ? shownUndelivered(data)
        : shownLines([readRecord(data, arrivedAt)])),
    });
  }
  return { key, kind: 'failed', shard: undefined, records, problems };
}

/** What a destination did not take is what the archive has: lines that name their place. */
function shownUndelivered(data: Buffer): Pick<ShownRecord, 'shardId' | 'sequenceNumber' | 'lines' | 'more'> {
  const lines: ShownLine[] = [];
  let place: ArchivePlace | undefined;
  for (const bytes of linesIn(data)) {
    place = readArchivedLine(bytes)?.place;
    lines.push({ index: place?.subSequenceNumber ?? lines.length, ok: true, event: bytes.toString() });
  }
  return {
    ...(place && { shardId: place.shardId }),
    sequenceNumber: place?.sequenceNumber,
    lines: lines.slice(0, linesShown),
    more: Math.max(0, lines.length - linesShown),
  };
}

/** Of an object of the archive, the lines that are no events. */
function showRejected(key: string, body: Buffer): ShownObject {
  const records: (ShownRecord & { readonly lines: ShownLine[]; more: number })[] = [];
  for (const bytes of linesIn(body)) {
    const line = readArchivedLine(bytes);
    if (line?.rejected === undefined) continue;
    const { shardId, sequenceNumber, subSequenceNumber, arrivedAt } = line.place;
    let record = records.at(-1);
    if (record?.sequenceNumber !== sequenceNumber || record.shardId !== shardId) {
      const failure = `rejected: ${line.rejected}`;
      record = { shardId, sequenceNumber, arrivedAt: iso(arrivedAt), failure, lines: [], more: 0 };
      records.push(record);
    }
    if (record.lines.length < linesShown) record.lines.push(shownLine(subSequenceNumber, line.read()));
    else record.more++;
  }
  return { key, kind: 'rejected', shard: undefined, records, problems: [] };
}

/** @param readings by subsequence number */
function shownLines(readings: readonly (readonly Reading[])[]): Pick<ShownRecord, 'lines' | 'more'> {
  const lines: ShownLine[] = [];
  let more = 0;
  for (const [subsequence, ofRecord] of readings.entries()) {
    for (const [line, reading] of ofRecord.entries()) {
      if (lines.length < linesShown) lines.push(shownLine(eventIndex(subsequence, line), reading));
      else more++;
    }
  }
  return { lines, more };
}

function shownLine(index: number, reading: Reading): ShownLine {
  return reading.ok
    ? { index, ok: true, event: reading.bytes.toString() }
    : { index, ok: false, reason: reading.reason, raw: reading.bytes.toString('base64') };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
