import { archivePrefix, processingFailedPrefix } from '../../contract/bucket-prefixes';
import { readArchivedLine } from '../../domain/archive/archived-line';
import { linesIn } from '../../domain/archive/lines-in';
import type { Place } from '../../domain/counters/log-place';
import { type Position, positionOf } from '../../domain/event/position';
import { type Reading, readEvent } from '../../domain/event/record';
import { deliveredRecords, type PlacedLine, type ShardRecord } from '../../domain/event/shard-lines';
import { placeId } from '../../reconcile/archive-contents';
import type { ObjectStore } from '../objects/object-store';
import { readSentAgain } from '../resubmit/attempts';
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
  parts(): AsyncGenerator<ReadonlyMap<string, Iterable<PlacedLine>>>;
  /** Error objects that may hold records of these arrivals: the archive lacks them until they are backfilled. */
  readonly failedObjects: readonly string[];
  /** Whether the stream still has all that the archive may lack for them. */
  readonly isComplete: boolean;
  /** What was read so far. */
  readonly read: { objects: number; linesFromStream: number };
}

/**
 * Reads what shards held, from the archive, and what is not in it yet from the stream. An error object tells neither shard
 * nor place of the records at which the transformer failed, and no arrival that can be relied on: where there is one, all
 * that the stream holds of these arrivals is read, each place once. In memory are the events of some hours of arrivals, 300
 * bytes each; of bad lines, a record's are one.
 */
export async function openHistory(request: HistoryRequest, ports: HistoryPorts): Promise<History> {
  const { archive, stream, now, onProgress } = ports;
  // First of all: objects that are listed after it hold all that it tells of.
  const watermark = await ports.readWatermark();
  const { retentionMs, createdAt } = await stream.describe();
  const arrivals = { from: Math.max(request.arrivals.from, createdAt), to: request.arrivals.to };
  const failedObjects = await failedObjectsOf(arrivals, archive, retentionMs);
  const hasFailed = failedObjects.length > 0;
  const isComplete = !hasFailed || arrivals.from - arrivalSlackMs > now() - retentionMs;
  const sentAgain = await readSentAgain(archive);
  const shardsInStream = new Set(await stream.shardIds());
  const reading = { arrivals, watermark, hasFailed, sentAgain, stream, shardsInStream, now };
  const shards = new Map(
    [...request.upTo].map(([shardId, upTo]) => [shardId, new ShardReading(shardId, upTo, reading)] as const),
  );
  const read = { objects: 0, linesFromStream: 0 };

  /** What has arrived before an instant is complete. */
  const partBefore = async (instant: number): Promise<ReadonlyMap<string, Iterable<PlacedLine>>> => {
    const part = new Map<string, Iterable<PlacedLine>>();
    for (const [shardId, shard] of shards) {
      await shard.readStream(instant);
      const runs = shard.take(instant);
      if (runs.length > 0) part.set(shardId, linesOfRuns(runs, read));
    }
    return part;
  };

  return {
    read,
    failedObjects,
    isComplete,
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

/** Keys of error objects of these arrivals. How long the transformer failed before one was written, nobody knows. */
async function failedObjectsOf(
  { from, to }: Arrivals,
  archive: ObjectStore,
  retentionMs: number,
): Promise<readonly string[]> {
  const keys: string[] = [];
  const arrivals = { from, to: to + retentionMs };
  for await (const { key } of objectsOf(archive, processingFailedPrefix, arrivals, retentionMs))
    keys.push(key);
  return keys;
}

interface ReadingOptions {
  readonly arrivals: Arrivals;
  readonly watermark: Watermark;
  /** Whether the archive may lack what lies before the watermark. */
  readonly hasFailed: boolean;
  /** Places of lines that count elsewhere. */
  readonly sentAgain: ReadonlySet<string>;
  readonly stream: StreamPort;
  readonly shardsInStream: ReadonlySet<string>;
  readonly now: () => number;
}

/** Lines of one record that follow one another: an event, or bad lines of one reason, of which there may be many. */
interface Run {
  readonly position: Position;
  readonly sequenceNumber: string;
  readonly arrivedAt: number;
  readonly reading: Reading;
  readonly index: number;
  lines: number;
  readonly isFromStream: boolean;
}

const noBytes = Buffer.alloc(0);

/** Brings what is known of a shard into its order. */
class ShardReading {
  private runs: Run[] = [];
  private readonly records: AsyncGenerator<readonly ShardRecord[]> | undefined;
  private page: readonly ShardRecord[] = [];
  private next = 0;

  constructor(
    private readonly shardId: string,
    private readonly upTo: Place,
    private readonly options: ReadingOptions,
  ) {
    const { arrivals, watermark, hasFailed, stream, shardsInStream, now } = options;
    if (!shardsInStream.has(shardId)) return;
    const stored = watermark.readFrom(shardId);
    const begin = { arrivedAt: Math.max(arrivals.from - arrivalSlackMs, 0) };
    const start = hasFailed
      ? begin
      : 'after' in stored
        ? stored
        : { arrivedAt: Math.max(stored.arrivedAt, begin.arrivedAt) };
    // Kinesis refuses to look for an hour to come.
    const latest = Math.min(arrivals.to + arrivalSlackMs, now());
    if (!('arrivedAt' in start) || start.arrivedAt <= latest) this.records = stream.read(shardId, start);
  }

  add(
    { sequenceNumber, arrivedAt }: Pick<ShardRecord, 'sequenceNumber' | 'arrivedAt'>,
    index: number,
    read: () => Reading,
    isFromStream = false,
  ): void {
    const { arrivals, sentAgain } = this.options;
    const position = positionOf(sequenceNumber, index);
    if (position > this.upTo || arrivedAt < arrivals.from || arrivedAt > arrivals.to) return;
    const place = { shardId: this.shardId, sequenceNumber, subSequenceNumber: index };
    const isSentAgain = sentAgain.size > 0 && sentAgain.has(placeId(place));
    const reading = isSentAgain ? countsElsewhere : inLessMemory(read(), arrivedAt);
    const last = this.runs.at(-1);
    if (last && continues(last, { sequenceNumber, index, reading, isFromStream })) last.lines++;
    else this.runs.push({ position, sequenceNumber, arrivedAt, reading, index, lines: 1, isFromStream });
  }

  /** Adds what the stream took before an instant, if it may not be archived. */
  async readStream(instant: number): Promise<void> {
    const { arrivals, hasFailed, watermark } = this.options;
    while (this.records) {
      const record = this.page[this.next];
      if (!record) {
        const { done, value } = await this.records.next();
        if (done) return;
        [this.page, this.next] = [value, 0];
        continue;
      }
      const { sequenceNumber, arrivedAt } = record;
      if (arrivedAt >= instant || arrivedAt > arrivals.to + arrivalSlackMs) return;
      if (positionOf(sequenceNumber, 0) > this.upTo) return;
      this.next++;
      if (!hasFailed && watermark.covers(this.shardId, sequenceNumber, arrivedAt)) continue;
      for (const { lines } of deliveredRecords(record))
        for (const { index, reading } of lines) this.add(record, index, () => reading, true);
    }
  }

  /**
   * Takes the lines in the order of the shard, each place once, up to the last of which is known that it arrived before an
   * instant: Firehose may deliver a record more than once, and the stream may have what the archive has.
   */
  take(instant: number): readonly Run[] {
    // At one place, the archive's line first.
    const sorted = this.runs.sort((a, b) =>
      a.position === b.position
        ? Number(a.isFromStream) - Number(b.isFromStream)
        : a.position < b.position
          ? -1
          : 1,
    );
    const end = sorted.findLastIndex(({ arrivedAt }) => arrivedAt < instant - arrivalSlackMs) + 1;
    this.runs = sorted.slice(end);
    return sorted.slice(0, end);
  }
}

/** Whether a line is one more of a run. */
function continues(
  run: Run,
  { sequenceNumber, index, reading, isFromStream }: Omit<Run, 'position' | 'arrivedAt' | 'lines'>,
): boolean {
  return (
    run.sequenceNumber === sequenceNumber &&
    run.index + run.lines === index &&
    run.isFromStream === isFromStream &&
    !run.reading.ok &&
    !reading.ok &&
    run.reading.reason === reading.reason
  );
}

/** The lines of runs in order, each place once. */
function* linesOfRuns(runs: readonly Run[], read: History['read']): Generator<PlacedLine> {
  let last = '';
  for (const { sequenceNumber, arrivedAt, reading, index, lines, isFromStream } of runs) {
    for (let i = index; i < index + lines; i++) {
      const position = positionOf(sequenceNumber, i);
      if (position <= last) continue;
      last = position;
      if (isFromStream) read.linesFromStream++;
      yield { position, sequenceNumber, arrivedAt, reading };
    }
  }
}

const countsElsewhere: Reading = { ok: false, reason: 'resubmitted', bytes: noBytes };

/** The same reading, without bytes that do not count, so that many fit into memory. */
function inLessMemory(reading: Reading, arrivedAt: number): Reading {
  return reading.ok ? readEvent(reading.knownFields, arrivedAt) : { ...reading, bytes: noBytes };
}
