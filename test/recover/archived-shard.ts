import { gzipSync } from 'node:zlib';
import { archiveLine } from '../../domain/archive/archive-line';
import { unpack } from '../../domain/event/kpl';
import { eventIndex, positionOf } from '../../domain/event/position';
import { readRecord } from '../../domain/event/record';
import type { ShardRecord } from '../../domain/event/shard-lines';
import type { StreamPort } from '../../recover/history/stream-port';
import type { Watermark } from '../../recover/history/watermark';
import { errorLine } from './failure-factory';
import { createMemoryBucket, type MemoryBucket } from './memory-bucket';

export const shard = 'clicks/shardId-000000000000';

/** A shard, and an archive that follows it as a delivery stream fills filled. */
export interface ArchivedShard {
  readonly records: ShardRecord[];
  readonly archive: MemoryBucket;
  readonly stream: StreamPort;
  readonly readWatermark: () => Promise<Watermark>;
  /** Archives what is not archived yet, up to the given number of records, in objects of a few. */
  archiveUpTo(count: number): Promise<void>;
  /** Stores records once more, as Firehose may. */
  archiveAgain(from: number, to: number): Promise<void>;
  /** While it is set, the transformer fails at records of which it holds. */
  fails: (record: ShardRecord) => boolean;
  /** When Firehose says that a record arrived which the stream took at an instant. */
  told: (arrivedAt: number) => number;
  /** The stream no longer holds what arrived before. */
  forgetBefore(instant: number): void;
}

const hour = 3_600_000;

/** @param shardName `stream/shardId` */
export function archivedShard(
  records: ShardRecord[],
  now: () => number,
  shardName: string = shard,
): ArchivedShard {
  const [streamName = '', shardId = ''] = shardName.split('/');
  const archive = createMemoryBucket(now);
  let archived = 0;
  let objects = 0;
  let forgotten = 0;

  const store = async (part: readonly ShardRecord[]): Promise<void> => {
    const [first] = part;
    if (!first) return;
    const lines: Buffer[] = [];
    const errors: string[] = [];
    for (const record of part) {
      const { sequenceNumber, data, arrivedAt } = record;
      unpack(data).forEach((inner, subsequence) => {
        if (filled.fails(record)) {
          errors.push(errorLine({ data: Buffer.from(inner.data), arrivedAt: filled.told(arrivedAt) }));
          return;
        }
        readRecord(inner.data, arrivedAt).forEach((reading, line) => {
          const place = {
            arrivedAt,
            shardId,
            sequenceNumber,
            subSequenceNumber: eventIndex(subsequence, line),
          };
          lines.push(archiveLine(reading, place));
        });
      });
    }
    const [day, time] = new Date(filled.told(first.arrivedAt)).toISOString().split('T');
    const [year, month, date] = day!.split('-');
    const folder = `year=${year}/month=${month}/day=${date}/hour=${time!.slice(0, 2)}/delivery-1-${objects++}`;
    if (lines.length > 0) await archive.put(`events/${folder}`, gzipSync(Buffer.concat(lines)));
    if (errors.length > 0) {
      await archive.put(`errors/processing-failed/${folder}`, gzipSync(errors.join('')));
    }
  };

  const filled: ArchivedShard = {
    records,
    archive,
    fails: () => false,
    told: (arrivedAt) => arrivedAt,
    archiveUpTo: async (count) => {
      for (; archived < count; archived = Math.min(archived + 3, count)) {
        await store(records.slice(archived, Math.min(archived + 3, count)));
      }
    },
    archiveAgain: (from, to) => store(records.slice(from, to)),
    forgetBefore: (instant) => {
      forgotten = instant;
    },
    readWatermark: async () => {
      const last = records[archived - 1];
      const covers = (_shardId: string, sequenceNumber: string) =>
        last !== undefined && positionOf(sequenceNumber, 0) <= positionOf(last.sequenceNumber, 0);
      return {
        covers,
        hasPassed: covers,
        readFrom: () => (last ? { after: last.sequenceNumber } : { arrivedAt: 0 }),
        describe: () => `${archived} records are archived`,
      };
    },
    stream: {
      name: streamName,
      describe: async () => ({ retentionMs: forgotten > 0 ? now() - forgotten : 24 * hour, createdAt: 0 }),
      shardIds: async () => [shardId],
      async *read(_shardId, from) {
        const start =
          'after' in from
            ? records.findIndex(({ sequenceNumber }) => sequenceNumber === from.after) + 1
            : records.findIndex(({ arrivedAt }) => arrivedAt >= from.arrivedAt);
        if (start < 0) return;
        for (let i = start; i < records.length; i += 2) {
          const page = records.slice(i, i + 2).filter(({ arrivedAt }) => arrivedAt >= forgotten);
          if (page.length > 0) yield page;
        }
      },
    },
  };
  return filled;
}
