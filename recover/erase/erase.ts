import { createHash, createHmac } from 'node:crypto';
import {
  archivePrefix,
  backfilledPrefix,
  erasingPrefix,
  errorPrefix,
  onFailurePrefix,
  processingFailedPrefix,
  repairedPrefix,
  undeliveredPrefix,
} from '../../contract/bucket-prefixes';
import type { ObjectStore } from '../objects/object-store';
import type { Erasure } from './erased-event';
import {
  erasedArchiveObject,
  erasedErrorObject,
  erasedOnFailureObject,
  erasedUndeliveredObject,
} from './erased-object';
import { erasedParquetObject } from './erased-parquet';
import type { Erased } from './erased-record';
import { pseudonymFor } from './pseudonym';

export interface EraseRequest {
  readonly visitorId: string;
  readonly dryRun: boolean;
}

export interface ErasePorts {
  readonly archive: ObjectStore;
  /** Undefined where the pipeline has no such bucket. */
  readonly onFailure: ObjectStore | undefined;
  /** The Parquet copy of the archive. */
  readonly parquet: ObjectStore | undefined;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How long the stream keeps a record. */
  readonly retentionMs: number;
  /** Random text of at least 16 characters, which nobody can guess. */
  readonly newSecret: () => string;
  /** Called after each object that was read. */
  readonly onProgress?: () => void;
}

/** What was erased of objects. */
export interface ErasedObjects {
  /** Objects that were looked into. */
  readonly read: number;
  /** Keys of the objects that were written anew. */
  readonly objects: readonly string[];
  /** Lines in them that were the visitor's. */
  readonly lines: number;
}

/** What was erased: it tells nothing of the visitor, so that it can be kept. */
export interface Receipt extends ErasedObjects {
  /** Of the Parquet copy, which has the lines of the archive once more; undefined where there is none. */
  readonly parquet?: ErasedObjects;
  /** What could not be erased, and what to do. */
  readonly left: readonly { readonly key: string; readonly why: string }[];
  /** Instant up to which the stream may still hold records of theirs: ISO 8601. */
  readonly inStreamUntil: string;
}

/**
 * Takes what tells who a visitor is out of all that the pipeline has stored of them. Every line keeps its place and counts as
 * it did, so that the counters and the archive still agree. Safe to run again, and to go on after a crash.
 */
export async function erase(
  { visitorId, dryRun }: EraseRequest,
  { archive, onFailure, parquet, now, retentionMs, newSecret, onProgress }: ErasePorts,
): Promise<Receipt> {
  const startedAt = now();
  const progressKey = `${erasingPrefix}${createHash('sha256').update(visitorId).digest('hex')}`;
  // One secret for all objects, also of a run that goes on: an event of several objects gets one id in all of them.
  let secret = (await archive.get(progressKey))?.toString();
  if (secret === undefined) {
    secret = newSecret();
    if (!dryRun) await archive.put(progressKey, Buffer.from(secret));
  }
  const erasure = erasureOf(visitorId, secret);
  const left: Receipt['left'][number][] = [];
  const [result, ofCopy] = [noObjects(), noObjects()];

  const visit = async (
    store: ObjectStore,
    prefix: string,
    erased: (body: Buffer, key: string) => Erased | string | Promise<Erased>,
  ): Promise<void> => {
    const tally = store === parquet ? ofCopy : result;
    for await (const { key } of store.list(prefix)) {
      const body = await store.get(key);
      tally.read++;
      onProgress?.();
      if (!body) continue;
      const found = await erased(body, key);
      if (typeof found === 'string') {
        left.push({ key, why: found });
        continue;
      }
      if (found.left > 0) left.push({ key, why: 'lines that would count otherwise without what they say' });
      if (found.lines === 0) continue;
      tally.objects.push(key);
      tally.lines += found.lines;
      if (!dryRun) await (store === archive ? store.putGzip : store.put)(key, found.bytes);
    }
  };

  await visit(archive, archivePrefix, (body) => erasedArchiveObject(body, erasure));
  await visit(archive, undeliveredPrefix, (body) => erasedUndeliveredObject(body, erasure));
  for (const prefix of [errorPrefix, backfilledPrefix]) {
    await visit(archive, prefix, (body, key) => {
      const erased = erasedErrorObject(body, erasure);
      // By the record's bytes, backfill finds its place in the stream.
      const isOpen = key.startsWith(processingFailedPrefix) && erased.newestAt > startedAt - retentionMs;
      return isOpen && erased.lines > 0
        ? 'not in the archive yet: run recover backfill, then this again'
        : erased;
    });
  }
  if (onFailure) {
    for (const prefix of [onFailurePrefix, repairedPrefix]) {
      await visit(onFailure, prefix, (body) => erasedOnFailureObject(body, erasure) ?? 'it cannot be read');
    }
  }
  if (parquet) {
    await visit(parquet, archivePrefix, (body) => erasedParquetObject(body, erasure));
    await visit(parquet, errorPrefix, (body) => erasedErrorObject(body, erasure));
  }
  if (!dryRun && left.length === 0) await archive.delete(progressKey);
  return {
    ...result,
    ...(parquet && { parquet: ofCopy }),
    left,
    inStreamUntil: new Date(startedAt + retentionMs).toISOString(),
  };
}

function noObjects() {
  return { read: 0, objects: [] as string[], lines: 0 };
}

function erasureOf(visitorId: string, secret: string): Erasure {
  const digest = (text: string): string =>
    createHmac('sha256', secret).update(text).digest('hex').slice(0, 24);
  const sessions = new Map<string, string>();
  return {
    visitorId,
    pseudonym: pseudonymFor(visitorId, digest('visitor').slice(0, 12)),
    sessionFor(sessionId) {
      const known =
        sessions.get(sessionId) ?? pseudonymFor(sessionId, digest(`session ${sessionId}`).slice(0, 12));
      sessions.set(sessionId, known);
      return known;
    },
    eventIdFor: (eventId) => `erased-${digest(`event ${eventId}`)}`,
  };
}
