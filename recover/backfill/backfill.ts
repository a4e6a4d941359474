import { backfilledPrefix, processingFailedPrefix } from '../../contract/bucket-prefixes';
import { digestOf, readErrorObject } from '../../domain/archive/error-object';
import { windowMs, windowStart } from '../../domain/counters/window';
import { deliveredRecords, type ShardRecord } from '../../domain/event/shard-lines';
import { objectsOf } from '../history/archive-objects';
import type { HistoryPorts } from '../history/history';
import type { Range } from '../range/parts';
import { arrivalSlackMs } from '../shard-log';
import { ArchiveWriter } from './archive-writer';
import { type ArchivedPlaces, readArchivedPlaces } from './archived-places';

export interface BackfillRequest {
  /** When the records arrived. */
  readonly range: Range;
  readonly dryRun: boolean;
}

/** What became of a range. */
export interface Backfill {
  /** Lines that the archive lacked; in a dry run, that it lacks. */
  readonly lines: number;
  /** Objects that were written with them. */
  readonly objects: number;
  /** Records to which the delivery stream may still come: nothing was written of them. */
  readonly notYet: number;
  /** What arrived in the range before this, the stream has forgotten: epoch milliseconds; undefined if nothing. */
  readonly forgottenBefore: number | undefined;
  /** Error objects of which the archive has all records now, and which went to `backfilled/`. */
  readonly settled: readonly string[];
  /** Error objects with records that the stream does not hold in the range. */
  readonly left: readonly { readonly key: string; readonly records: number }[];
}

/**
 * Writes into the archive what the stream has and the archive lacks: what the transformer failed at, or what arrived while
 * there was no delivery stream. Nothing is counted by it. Run again, it finds the lines in the archive, and writes none;
 * killed anywhere, the next run goes on. In memory are the places of an hour of arrivals.
 */
export async function backfill({ range, dryRun }: BackfillRequest, ports: HistoryPorts): Promise<Backfill> {
  const { archive, stream, now } = ports;
  const watermark = await ports.readWatermark();
  const { retentionMs, createdAt } = await stream.describe();
  const horizon = now() - retentionMs;
  // Before a stream was made, nothing arrived that it could have forgotten.
  const hasForgotten = range.from < horizon && createdAt < horizon;
  const oldest = Math.max(horizon, createdAt);
  const [from, to] = [Math.max(range.from, oldest), Math.min(range.to, now())];
  const failed = await FailedRecords.read(range, retentionMs, ports);
  const writer = new ArchiveWriter(dryRun ? undefined : archive);
  let notYet = 0;

  const write = async (shardId: string, record: ShardRecord, known: ArchivedPlaces): Promise<void> => {
    const { sequenceNumber, arrivedAt } = record;
    for (const { data, lines } of deliveredRecords(record)) {
      for (const { index: subSequenceNumber, reading } of lines) {
        const place = { arrivedAt, shardId, sequenceNumber, subSequenceNumber };
        if (!known.has(place)) await writer.add(reading, place);
      }
      failed.found(data);
    }
  };

  const shards = (await stream.shardIds()).map((shardId) => ({
    shardId,
    records: new RecordsInOrder(
      from < to ? stream.read(shardId, { arrivedAt: Math.max(from - arrivalSlackMs, 0) }) : none(),
    ),
  }));
  for (let hour = windowStart('hour', from); hour < to; hour += windowMs.hour) {
    const end = Math.min(hour + windowMs.hour, to);
    let known: ArchivedPlaces | undefined;
    for (const { shardId, records } of shards) {
      for await (const record of records.before(end)) {
        const { sequenceNumber, arrivedAt } = record;
        if (arrivedAt < from) continue;
        if (!watermark.hasPassed(shardId, sequenceNumber, arrivedAt)) {
          notYet++;
          continue;
        }
        const arrivals = { from: hour - arrivalSlackMs, to: end };
        known ??= await readArchivedPlaces(archive, arrivals, retentionMs, ports.onProgress ?? (() => {}));
        await write(shardId, record, known);
      }
      await writer.flush();
    }
  }
  const { settled, left } = failed.sorted();
  if (!dryRun) for (const key of settled) await archive.move(key, `${backfilledPrefix}${key}`);
  const { lines, objects } = writer;
  return { lines, objects, notYet, forgottenBefore: hasForgotten ? horizon : undefined, settled, left };
}

async function* none(): AsyncGenerator<readonly ShardRecord[]> {}

/** A shard's records, some after the other. Arrivals may run backwards by a little: what comes late comes with the next. */
class RecordsInOrder {
  private page: readonly ShardRecord[] = [];
  private next = 0;

  constructor(private readonly pages: AsyncGenerator<readonly ShardRecord[]>) {}

  /** Those up to the first that arrived at an instant or later. */
  async *before(instant: number): AsyncGenerator<ShardRecord> {
    for (;;) {
      const record = this.page[this.next];
      if (record) {
        if (record.arrivedAt >= instant) return;
        this.next++;
        yield record;
        continue;
      }
      const { done, value } = await this.pages.next();
      if (done) return;
      [this.page, this.next] = [value, 0];
    }
  }
}

/** Records in error objects, which say neither shard nor place: their bytes tell them apart. */
class FailedRecords {
  /** By digest. */
  private readonly missing = new Set<string>();
  private readonly digests = new Map<string, readonly string[]>();
  private readonly unreadable = new Map<string, number>();

  static async read(
    { from, to }: Range,
    retentionMs: number,
    { archive }: Pick<HistoryPorts, 'archive'>,
  ): Promise<FailedRecords> {
    const failed = new FailedRecords();
    const arrivals = { from, to: to + retentionMs };
    for await (const { key } of objectsOf(archive, processingFailedPrefix, arrivals, retentionMs)) {
      const digests: string[] = [];
      let unreadable = 0;
      let isOfRange = false;
      for (const document of readErrorObject((await archive.get(key)) ?? Buffer.alloc(0))) {
        if (!document.ok) unreadable++;
        else {
          digests.push(digestOf(document.data));
          isOfRange ||= document.arrivedAt >= from && document.arrivedAt < to + arrivalSlackMs;
        }
      }
      if (!isOfRange && unreadable === 0) continue;
      failed.digests.set(key, digests);
      failed.unreadable.set(key, unreadable);
      for (const digest of digests) failed.missing.add(digest);
    }
    return failed;
  }

  /** The archive has a record, or gets it now. */
  found(data: Uint8Array): void {
    if (this.missing.size > 0) this.missing.delete(digestOf(data));
  }

  sorted(): Pick<Backfill, 'settled' | 'left'> {
    const settled: string[] = [];
    const left: { key: string; records: number }[] = [];
    for (const [key, digests] of this.digests) {
      const missing = digests.filter((digest) => this.missing.has(digest)).length;
      const records = missing + (this.unreadable.get(key) ?? 0);
      if (records === 0) settled.push(key);
      else left.push({ key, records });
    }
    return { settled, left };
  }
}
