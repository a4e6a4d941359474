import { archivePrefix, processingFailedPrefix } from '../../contract/bucket-prefixes';
import { readArchivedLine } from '../../domain/archive/archived-line';
import type { Place } from '../../domain/counters/log-place';
import { unpack } from '../../domain/event/kpl';
import { eventIndex, positionOf } from '../../domain/event/position';
import { type Reading, readRecord } from '../../domain/event/record';
import type { PlacedLine, ShardRecord } from '../../domain/event/shard-lines';
import { type ErrorDocument, readErrorObject } from '../objects/error-object';
import type { ObjectStore } from '../objects/object-store';
import { readAttempts } from '../resubmit/attempts';
import { arrivalSlackMs } from '../shard-log';
import { type Arrivals, hourOf, objectsOf } from './archive-objects';
import type { StreamPort } from './stream-port';
import type { ReadWatermark, Watermark } from './watermark';

export interface HistoryPorts {
  readonly archive: ObjectStore;
  readonly stream: StreamPort;
  readonly readWatermark: ReadWatermark;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Called after each object that was read. */
  readonly onProgress?: () => void;
}

export interface HistoryRequest {
  readonly arrivals: Arrivals;
  /** By shard id, the last place that is wanted; other shards are left out. */
  readonly upTo: ReadonlyMap<string, Place>;
}

/** What shards once held, line by line. */
export interface History {
  /** Lines in the order of their shard, each place once, by shard id; some hours of arrivals after the other. To be read once. */
  parts(): AsyncGenerator<ReadonlyMap<string, readonly PlacedLine[]>>;
  /** Records under the error prefix of which nobody knows the shard any more. To be asked for behind the last part. */
  unplaced(): readonly ErrorDocument[];
  /** What was read so far. */
  readonly read: { objects: number; linesFromStream: number };
}

/**
 * Reads what shards held, from the archive and the error prefix, and what is not archived yet from the stream. Records
 * under the error prefix have no place there; as long as the stream holds them, it tells. In memory are the lines of some
 * hours of arrivals, 300 bytes each.
 */
export async function openHistory(request: HistoryRequest, ports: HistoryPorts): Promise<History> {
  const { archive, stream, now, onProgress } = ports;
  // First of all: objects that are listed after it hold all that it tells of.
  const watermark = await ports.readWatermark();
  const { retentionMs, createdAt } = await stream.describe();
  const arrivals = { from: Math.max(request.arrivals.from, createdAt), to: request.arrivals.to };
  const rejected = await readRejected(arrivals, archive, retentionMs);
  let oldest = Number.POSITIVE_INFINITY;
  for (const { arrivedAt } of rejected.values()) oldest = Math.min(oldest, arrivedAt);
  const isInStream = oldest - arrivalSlackMs > now() - retentionMs;
  const shardsInStream = new Set(await stream.shardIds());
  const reading = { arrivals, watermark, rejected, stream, shardsInStream, now, arePlaced: isInStream };
  const shards = new Map(
    [...request.upTo].map(([shardId, upTo]) => [shardId, new ShardReading(shardId, upTo, reading)] as const),
  );
  const read = { objects: 0, linesFromStream: 0 };

  /** What has arrived before an instant is complete. */
  const partBefore = async (instant: number): Promise<ReadonlyMap<string, readonly PlacedLine[]>> => {
    const part = new Map<string, readonly PlacedLine[]>();
    for (const [shardId, shard] of shards) {
      read.linesFromStream += await shard.readStream(instant);
      const lines = shard.take(instant);
      if (lines.length > 0) part.set(shardId, lines);
    }
    return part;
  };

  return {
    read,
    unplaced: () => (isInStream ? [] : [...rejected.values()].filter(({ isPlaced }) => !isPlaced)),
    async *parts() {
      let hour: number | undefined;
      for await (const { key } of objectsOf(archive, archivePrefix, arrivals, retentionMs)) {
        // Objects of later hours hold nothing that arrived before.
        const filedUnder = hourOf(key) ?? 0;
        if (hour !== undefined && filedUnder > hour && filedUnder > arrivals.from)
          yield await partBefore(filedUnder);
        hour = filedUnder;
        for (const text of linesIn((await archive.get(key)) ?? Buffer.alloc(0))) {
          const line = readArchivedLine(text);
          if (!line) throw new Error(`${key} holds a line that is not of the archive's form`);
          shards.get(line.place.shardId)?.add(line.place, line.place.subSequenceNumber, line.read);
        }
        read.objects++;
        onProgress?.();
      }
      yield await partBefore(Number.POSITIVE_INFINITY);
    },
  };
}

/** A rejected record; sent into the stream again, it counts there, whatever the parser makes of it by now. */
interface RejectedRecord extends ErrorDocument {
  readonly isSentAgain: boolean;
  isPlaced: boolean;
}

interface ReadingOptions {
  readonly arrivals: Arrivals;
  readonly watermark: Watermark;
  readonly rejected: ReadonlyMap<string, RejectedRecord>;
  readonly stream: StreamPort;
  readonly shardsInStream: ReadonlySet<string>;
  readonly now: () => number;
  /** Whether the stream says where rejected records stood. */
  readonly arePlaced: boolean;
}

const noBytes = Buffer.alloc(0);

/** Brings what is known of a shard into its order. */
class ShardReading {
  private lines: PlacedLine[] = [];
  private readonly records: AsyncGenerator<readonly ShardRecord[]> | undefined;
  private page: readonly ShardRecord[] = [];
  private next = 0;

  constructor(
    private readonly shardId: string,
    private readonly upTo: Place,
    private readonly options: ReadingOptions,
  ) {
    const { arrivals, watermark, rejected, stream, shardsInStream, now, arePlaced } = options;
    if (!shardsInStream.has(shardId)) return;
    const from = watermark.readFrom(shardId);
    const start =
      'after' in from && !(arePlaced && rejected.size > 0)
        ? from
        : { arrivedAt: Math.max('after' in from ? 0 : from.arrivedAt, arrivals.from - arrivalSlackMs, 0) };
    // Kinesis refuses to look for an hour to come.
    const latest = Math.min(arrivals.to + arrivalSlackMs, now());
    if (!('arrivedAt' in start) || start.arrivedAt <= latest) this.records = stream.read(shardId, start);
  }

  add(
    { sequenceNumber, arrivedAt }: Pick<ShardRecord, 'sequenceNumber' | 'arrivedAt'>,
    index: number,
    read: () => Reading,
  ): void {
    const { from, to } = this.options.arrivals;
    const position = positionOf(sequenceNumber, index);
    if (position > this.upTo || arrivedAt < from || arrivedAt > to) return;
    const reading = read();
    this.lines.push({
      position,
      sequenceNumber,
      arrivedAt,
      // Without its bytes, so that many fit.
      reading: reading.ok ? reading.withoutBytes() : { ...reading, bytes: noBytes },
    });
  }

  /** Adds what the stream took before an instant, if it is not archived as lines; returns how many are nowhere else. */
  async readStream(instant: number): Promise<number> {
    const { arrivals, rejected, watermark } = this.options;
    let added = 0;
    while (this.records) {
      const record = this.page[this.next];
      if (!record) {
        const { done, value } = await this.records.next();
        if (done) return added;
        [this.page, this.next] = [value, 0];
        continue;
      }
      const { sequenceNumber, data, arrivedAt } = record;
      if (arrivedAt >= instant || arrivedAt > arrivals.to + arrivalSlackMs) return added;
      if (positionOf(sequenceNumber, 0) > this.upTo) return added;
      this.next++;
      const isStored = watermark.covers(this.shardId, sequenceNumber, arrivedAt);
      unpack(data).forEach((inner, subsequence) => {
        const known = rejected.get(rawKey(inner.data, arrivedAt));
        if (isStored && !known) return;
        if (known) known.isPlaced = true;
        readRecord(inner.data, arrivedAt).forEach((parsed, line) => {
          const reading: Reading = known?.isSentAgain
            ? { ok: false, reason: 'resubmitted', bytes: noBytes }
            : parsed;
          this.add(record, eventIndex(subsequence, line), () => reading);
          if (!known) added++;
        });
      });
    }
    return added;
  }

  /**
   * Takes the lines in the order of the shard, each place once, up to the last of which is known that it arrived before an
   * instant: Firehose may deliver a record more than once.
   */
  take(instant: number): readonly PlacedLine[] {
    const sorted = this.lines.sort((a, b) =>
      a.position < b.position ? -1 : a.position > b.position ? 1 : 0,
    );
    const end = sorted.findLastIndex(({ arrivedAt }) => arrivedAt < instant - arrivalSlackMs) + 1;
    this.lines = sorted.slice(end);
    return sorted
      .slice(0, end)
      .filter(({ position }, index) => index === 0 || sorted[index - 1]!.position !== position);
  }
}

/** Records that the transformer rejected, by what tells them apart: the error prefix knows neither shard nor place. */
async function readRejected(
  arrivals: Arrivals,
  archive: ObjectStore,
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
      documents.set(id, { ...document, isSentAgain, isPlaced: false });
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
