import {
  archivePrefix,
  backfilledPrefix,
  errorPrefix,
  onFailurePrefix,
  repairedPrefix,
  resubmittedPrefix,
  undeliveredPrefix,
} from '../contract/bucket-prefixes';
import { readArchivedLine } from '../domain/archive/archived-line';
import { readErrorObject, type Unreadable } from '../domain/archive/error-object';
import { linesIn } from '../domain/archive/lines-in';
import { type Arrivals, objectsOf } from './history/archive-objects';
import type { ObjectInfo, ObjectStore } from './objects/object-store';
import { readOnFailureObject } from './objects/on-failure-object';

/** The buckets with what could not be processed. */
export interface FailureStores {
  /** Undefined where the mapping has no destination. */
  readonly onFailure: ObjectStore | undefined;
  readonly archive: ObjectStore;
}

/** A batch that the aggregator gave up. */
export interface GivenUpBatch {
  readonly key: string;
  readonly isRepaired: boolean;
  readonly at: string | undefined;
  /** `stream/shardId`. */
  readonly shard: string;
  readonly firstSequenceNumber: string;
  readonly lastSequenceNumber: string;
  readonly firstArrival: string;
  readonly lastArrival: string;
  readonly records: number;
  readonly condition: string | undefined;
  readonly error: string;
}

/** An error object of the delivery stream. Its records have no shard and no place, only arrivals. */
export interface FailedRecords {
  readonly key: string;
  readonly isBackfilled: boolean;
  /** When the object was written. */
  readonly at: string;
  readonly firstArrival: string | undefined;
  readonly lastArrival: string | undefined;
  readonly records: number;
  /** Records by error code and message. */
  readonly errors: Readonly<Record<string, number>>;
}

/** An object of the archive that has rejected lines. */
export interface RejectedLines {
  readonly key: string;
  readonly lines: number;
  /** Lines by the reason for which the parser rejected them. */
  readonly reasons: Readonly<Record<string, number>>;
}

export interface UnreadableObject {
  readonly key: string;
  readonly problem: string;
}

export interface Failures {
  readonly givenUp: readonly GivenUpBatch[];
  readonly failed: readonly FailedRecords[];
  /** What the archive has and the destination did not take. */
  readonly undelivered: readonly FailedRecords[];
  /** Of some arrivals only, since all of the archive would have to be read. */
  readonly rejected: readonly RejectedLines[];
  /** Documents of what was sent again; listed with `all` only. */
  readonly resubmitted: readonly string[];
  readonly unreadable: readonly UnreadableObject[];
}

export interface ListRequest {
  /** With what was repaired, backfilled or sent again. */
  readonly all: boolean;
  /** When the rejected lines arrived. */
  readonly arrivals: Arrivals;
  /** The stream's retention. */
  readonly longestLagMs: number;
}

/** What the pipeline could not process, each object read. */
export async function listFailures(
  stores: FailureStores,
  { all, arrivals, longestLagMs }: ListRequest,
  onProgress: () => void = () => {},
): Promise<Failures> {
  const { archive } = stores;
  const givenUp: GivenUpBatch[] = [];
  const failed: FailedRecords[] = [];
  const undelivered: FailedRecords[] = [];
  const rejected: RejectedLines[] = [];
  const resubmitted: string[] = [];
  const unreadable: UnreadableObject[] = [];
  for (const prefix of stores.onFailure ? [onFailurePrefix, ...(all ? [repairedPrefix] : [])] : []) {
    for await (const { key } of stores.onFailure!.list(prefix)) {
      const body = await stores.onFailure!.get(key);
      // Moved since its name was read.
      if (body === undefined) continue;
      const batch = describeBatch(key, body);
      if ('problem' in batch) unreadable.push({ key, problem: batch.problem });
      else givenUp.push(batch);
    }
  }
  for (const prefix of [errorPrefix, undeliveredPrefix, ...(all ? [backfilledPrefix] : [])]) {
    const objects = prefix === undeliveredPrefix ? undelivered : failed;
    for await (const info of archive.list(prefix)) {
      const body = await archive.get(info.key);
      if (body === undefined) continue;
      const { records, problems, firstProblem } = describeErrors(info, body);
      objects.push(records);
      if (problems > 0) unreadable.push({ key: info.key, problem: `${problems} lines: ${firstProblem}` });
    }
  }
  for await (const { key } of objectsOf(archive, archivePrefix, arrivals, longestLagMs)) {
    const lines = describeRejected(key, (await archive.get(key)) ?? Buffer.alloc(0), arrivals);
    if (lines.lines > 0) rejected.push(lines);
    onProgress();
  }
  if (all) for await (const { key } of archive.list(resubmittedPrefix)) resubmitted.push(key);
  return { givenUp, failed, undelivered, rejected, resubmitted, unreadable };
}

function describeBatch(key: string, body: Buffer): GivenUpBatch | Unreadable {
  const object = readOnFailureObject(body);
  if (!object.ok) return object;
  const { shard, records } = object.batch;
  const [first, last] = [records[0]!, records.at(-1)!];
  return {
    key,
    isRepaired: key.startsWith(repairedPrefix),
    at: object.at,
    shard,
    firstSequenceNumber: first.sequenceNumber,
    lastSequenceNumber: last.sequenceNumber,
    firstArrival: iso(first.arrivedAt),
    lastArrival: iso(last.arrivedAt),
    records: records.length,
    condition: object.condition,
    error: object.error,
  };
}

function describeErrors({ key, writtenAt }: ObjectInfo, body: Buffer) {
  const errors = new Map<string, number>();
  let [records, problems] = [0, 0];
  let firstProblem: Unreadable['problem'] = '';
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const document of readErrorObject(body)) {
    if (!document.ok) {
      if (problems++ === 0) firstProblem = document.problem;
      continue;
    }
    const { errorCode, errorMessage, arrivedAt } = document;
    records++;
    count(errors, errorMessage === '' ? errorCode : `${errorCode}: ${errorMessage}`);
    [first, last] = [Math.min(first, arrivedAt), Math.max(last, arrivedAt)];
  }
  const described: FailedRecords = {
    key,
    isBackfilled: key.startsWith(backfilledPrefix),
    at: iso(writtenAt),
    firstArrival: records > 0 ? iso(first) : undefined,
    lastArrival: records > 0 ? iso(last) : undefined,
    records,
    errors: Object.fromEntries(errors),
  };
  return { records: described, problems, firstProblem };
}

function describeRejected(key: string, body: Buffer, { from, to }: Arrivals): RejectedLines {
  const reasons = new Map<string, number>();
  let lines = 0;
  for (const bytes of linesIn(body)) {
    const line = readArchivedLine(bytes);
    if (line?.rejected === undefined || line.place.arrivedAt < from || line.place.arrivedAt > to) continue;
    lines++;
    count(reasons, line.rejected);
  }
  return { key, lines, reasons: Object.fromEntries(reasons) };
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
