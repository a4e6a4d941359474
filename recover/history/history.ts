import { readArchivedLine } from '../../domain/archived-line';
import type { ShardRecord } from '../../domain/fold';
import { unpack } from '../../domain/kpl';
import { eventIndex, type Position } from '../../domain/position';
import { type Reading, readRecord } from '../../domain/record';
import { type ErrorDocument, processingFailedPrefix, readErrorObject } from '../objects/error-object';
import type { ObjectStore } from '../objects/object-store';
import { readAttempts } from '../resubmit/attempts';
import { type Arrivals, objectsOf } from './archive-objects';
import { countBefore, endOfRecord, inOrder, type ShardLine, sequenceNumberOf, shardLine } from './shard-line';
import type { StreamPort } from './stream-port';
import type { ReadWatermark, Watermark } from './watermark';

export interface HistoryPorts {
  readonly archive: ObjectStore;
  readonly stream: StreamPort;
  readonly readWatermark: ReadWatermark;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Told after each object that was read. */
  readonly onProgress?: (objects: number) => void;
}

export interface HistoryRequest {
  /** Undefined: every shard that the archive has lines of. */
  readonly shardIds: ReadonlySet<string> | undefined;
  readonly arrivals: Arrivals;
  /** Up to where lines are wanted, by shard, though they may not be archived yet. */
  readonly through: ReadonlyMap<string, Place>;
  /** Records whose places are known besides: those of given-up batches. */
  readonly known: ReadonlyMap<string, readonly ShardRecord[]>;
}

export interface Place {
  readonly position: Position;
  readonly sequenceNumber: string;
  /** Epoch milliseconds, or a little later. */
  readonly arrivedAt: number;
}

/** What the stream once held, line by line. */
export interface History {
  readonly shardIds: readonly string[];
  /** A shard's lines in order. */
  lines(shardId: string): readonly ShardLine[];
  /** Whether there is an event at the position, or the position is the end of a record that is there. */
  has(shardId: string, position: Position): boolean;
  /** Whether the line of a position is in the archive or under the error prefix. */
  isStored(shardId: string, position: Position): boolean;
  /** Records under the error prefix of which nobody knows the shard any more. */
  readonly unplaced: readonly ErrorDocument[];
  readonly watermark: Watermark;
  /** The arrivals that it was asked for. */
  readonly arrivals: Arrivals;
  readonly objectsRead: number;
  /** Lines that were not archived yet, and were read from the stream. */
  readonly linesFromStream: number;
}

const noBytes = Buffer.alloc(0);

/** By how much arrivals may run backwards in a shard: they are approximate. */
export const arrivalSlackMs = 60_000;

/**
 * Reads what shards held, from the archive and the error prefix, and what is not archived yet from the stream. Records
 * under the error prefix have no place there; as long as the stream holds them, it tells. Memory is some 300 bytes a line.
 */
export async function readHistory(request: HistoryRequest, ports: HistoryPorts): Promise<History> {
  const { archive, stream, now } = ports;
  // First of all: objects that are listed after it hold all that it tells of.
  const watermark = await ports.readWatermark();
  const { retentionMs, createdAt } = await stream.describe();
  const lines = new Map<string, ShardLine[]>();
  const linesOf = (shardId: string): ShardLine[] => {
    const known = lines.get(shardId) ?? [];
    lines.set(shardId, known);
    return known;
  };
  const isWanted = (shardId: string, arrivedAt: number): boolean =>
    (request.shardIds?.has(shardId) ?? true) &&
    arrivedAt >= Math.max(request.arrivals.from, createdAt) &&
    arrivedAt <= request.arrivals.to;

  let objectsRead = 0;
  for await (const { key } of objectsOf(archive, 'events/', request.arrivals, retentionMs)) {
    const body = (await archive.get(key)) ?? Buffer.alloc(0);
    for (const text of linesIn(body)) {
      const line = readArchivedLine(text);
      if (!line) throw new Error(`${key} holds a line that is not of the archive's form`);
      const { shardId, sequenceNumber, subSequenceNumber: index, arrivedAt } = line.place;
      if (isWanted(shardId, arrivedAt))
        linesOf(shardId).push(shardLine({ sequenceNumber, index, arrivedAt }, line.read()));
    }
    objectsRead++;
    ports.onProgress?.(objectsRead);
  }
  const rejected = await readRejected(request.arrivals, ports, retentionMs);
  for (const shardId of request.shardIds ?? (await stream.shardIds())) linesOf(shardId);

  const placed = new Set<string>();
  // What a shard held, in so far as it is not archived as lines.
  const addRecords = (shardId: string, records: readonly ShardRecord[], isTail: boolean): number => {
    let added = 0;
    for (const { sequenceNumber, data, arrivedAt } of records) {
      if (!isWanted(shardId, arrivedAt)) continue;
      unpack(data).forEach((inner, subsequence) => {
        const id = rawKey(inner.data, arrivedAt);
        const known = rejected.get(id);
        if (!isTail && !known) return;
        placed.add(id);
        readRecord(inner.data, arrivedAt).forEach((parsed, line) => {
          const reading: Reading = known?.isSentAgain
            ? { ok: false, reason: 'resubmitted', bytes: noBytes }
            : parsed;
          const index = eventIndex(subsequence, line);
          linesOf(shardId).push(
            shardLine({ sequenceNumber, index, arrivedAt }, reading, known !== undefined),
          );
          added++;
        });
      });
    }
    return added;
  };
  for (const [shardId, records] of request.known) addRecords(shardId, records, false);
  const oldest = Math.min(...[...rejected.values()].map(({ arrivedAt }) => arrivedAt));
  const isInStream = oldest - arrivalSlackMs > now() - retentionMs;
  if (rejected.size > 0 && isInStream) {
    for (const shardId of lines.keys()) {
      for await (const records of stream.read(shardId, { arrivedAt: oldest - arrivalSlackMs })) {
        addRecords(shardId, records, false);
        if (records.at(-1)!.arrivedAt > request.arrivals.to) break;
      }
    }
  }
  let linesFromStream = 0;
  for (const [shardId, { sequenceNumber, arrivedAt, position }] of request.through) {
    if (watermark.covers(shardId, sequenceNumber, arrivedAt)) continue;
    const from = watermark.readFrom(shardId);
    const start =
      'after' in from
        ? from
        : { arrivedAt: Math.max(from.arrivedAt, request.arrivals.from - arrivalSlackMs) };
    // Of an hour to come; Kinesis refuses to look for it.
    if ('arrivedAt' in start && start.arrivedAt > now()) continue;
    for await (const records of stream.read(shardId, start)) {
      linesFromStream += addRecords(shardId, records, true);
      if (endOfRecord(records.at(-1)!.sequenceNumber) > position) break;
    }
  }
  const ordered = new Map([...lines].map(([shardId, unordered]) => [shardId, inOrder(unordered)]));
  const orderedOf = (shardId: string) => ordered.get(shardId) ?? [];
  return {
    shardIds: [...ordered.keys()].sort(),
    lines: orderedOf,
    has: (shardId, position) => {
      const next = countBefore(orderedOf(shardId), position);
      if (orderedOf(shardId)[next]?.position === position) return true;
      const sequenceNumber = sequenceNumberOf(position);
      return (
        position === endOfRecord(sequenceNumber) &&
        orderedOf(shardId)[next - 1]?.sequenceNumber === sequenceNumber
      );
    },
    isStored: (shardId, position) => {
      const line = orderedOf(shardId)[countBefore(orderedOf(shardId), position)];
      return line?.position === position && line.isStored;
    },
    unplaced: isInStream ? [] : [...rejected].flatMap(([id, record]) => (placed.has(id) ? [] : [record])),
    watermark,
    arrivals: request.arrivals,
    objectsRead,
    linesFromStream,
  };
}

/** A rejected record; sent into the stream again, it counts there, whatever the parser makes of it by now. */
interface RejectedRecord extends ErrorDocument {
  readonly isSentAgain: boolean;
}

/** Records that the transformer rejected, by what tells them apart: the error prefix knows neither shard nor place. */
async function readRejected(
  arrivals: Arrivals,
  { archive }: HistoryPorts,
  longestLagMs: number,
): Promise<ReadonlyMap<string, RejectedRecord>> {
  const documents = new Map<string, RejectedRecord>();
  for await (const { key } of objectsOf(archive, processingFailedPrefix, arrivals, longestLagMs)) {
    const body = (await archive.get(key)) ?? Buffer.alloc(0);
    const sent = new Set((await readAttempts(archive, key)).sent.map(({ index }) => index));
    for (const [index, document] of readErrorObject(body).entries()) {
      if (!document.ok) throw new Error(`${key}: ${document.problem}`);
      const { data, arrivedAt } = document;
      if (arrivedAt < arrivals.from || arrivedAt > arrivals.to) continue;
      const id = rawKey(data, arrivedAt);
      // Stored twice, it may have been sent from either.
      const isSentAgain = sent.has(index) || (documents.get(id)?.isSentAgain ?? false);
      documents.set(id, { ...document, isSentAgain });
    }
  }
  return documents;
}

/** Tells records apart that have no place. */
export function rawKey(data: Uint8Array, arrivedAt: number): string {
  return `${arrivedAt} ${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')}`;
}

/** The lines of an object. */
export function* linesIn(body: Buffer): Generator<Buffer> {
  for (let start = 0; start < body.length; ) {
    const feed = body.indexOf(0x0a, start);
    const end = feed < 0 ? body.length : feed;
    if (end > start) yield body.subarray(start, end);
    start = end + 1;
  }
}
