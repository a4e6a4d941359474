import { errorPrefix, onFailurePrefix, repairedPrefix, resubmittedPrefix } from '../contract/bucket-prefixes';
import { type ErrorDocument, readErrorObject } from './objects/error-object';
import type { ObjectInfo, ObjectStore } from './objects/object-store';
import { readOnFailureObject } from './objects/on-failure-object';
import type { Unreadable } from './objects/unreadable';

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
export interface RejectedRecords {
  readonly key: string;
  /** When the object was written. */
  readonly at: string;
  readonly firstArrival: string | undefined;
  readonly lastArrival: string | undefined;
  readonly records: number;
  /** Records by error code and message. */
  readonly errors: Readonly<Record<string, number>>;
}

export interface UnreadableObject {
  readonly key: string;
  readonly problem: string;
}

export interface Failures {
  readonly givenUp: readonly GivenUpBatch[];
  readonly rejected: readonly RejectedRecords[];
  /** Documents of what was sent again; listed with `all` only. */
  readonly resubmitted: readonly string[];
  readonly unreadable: readonly UnreadableObject[];
}

/**
 * What the pipeline could not process, each object read.
 *
 * @param all with what was repaired or sent again
 */
export async function listFailures(stores: FailureStores, all: boolean): Promise<Failures> {
  const givenUp: GivenUpBatch[] = [];
  const rejected: RejectedRecords[] = [];
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
  for await (const info of stores.archive.list(errorPrefix)) {
    const body = await stores.archive.get(info.key);
    if (body === undefined) continue;
    const documents = readErrorObject(body);
    rejected.push(describeErrors(info, documents.filter(isDocument)));
    const broken = documents.filter((document): document is Unreadable => !document.ok);
    if (broken.length > 0) {
      unreadable.push({ key: info.key, problem: `${broken.length} lines: ${broken[0]!.problem}` });
    }
  }
  if (all) for await (const { key } of stores.archive.list(resubmittedPrefix)) resubmitted.push(key);
  return { givenUp, rejected, resubmitted, unreadable };
}

function isDocument(document: ErrorDocument | Unreadable): document is ErrorDocument {
  return document.ok;
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

function describeErrors(
  { key, writtenAt }: ObjectInfo,
  documents: readonly ErrorDocument[],
): RejectedRecords {
  const errors: Record<string, number> = {};
  for (const { errorCode, errorMessage } of documents) {
    const error = errorMessage === '' ? errorCode : `${errorCode}: ${errorMessage}`;
    errors[error] = (errors[error] ?? 0) + 1;
  }
  const arrivals = documents.map(({ arrivedAt }) => arrivedAt);
  const bound = (pick: (a: number, b: number) => number) =>
    arrivals.length > 0 ? iso(arrivals.reduce((a, b) => pick(a, b))) : undefined;
  return {
    key,
    at: iso(writtenAt),
    firstArrival: bound(Math.min),
    lastArrival: bound(Math.max),
    records: documents.length,
    errors,
  };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}
