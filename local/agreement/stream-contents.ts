import type { AggregationSettings } from '../../contract/aggregation-settings';
import { Recount, type RecountedItem } from '../../domain/counters/recount';
import { unpack } from '../../domain/event/kpl';
import { eventIndex } from '../../domain/event/position';
import { readRecord } from '../../domain/event/record';
import { linesOf, type ShardRecord } from '../../domain/event/shard-lines';
import { type Unique, uniquesFor } from '../../domain/visitors/uniques';
import type { StreamReader } from '../stream-reader';

/**
 * A record as Firehose delivers it, that is, one of the stream or one out of a KPL aggregate, and as the archive may
 * hold it: its lines at their places, or, if the transformer failed at it, the whole record under the error prefix.
 */
export interface ExpectedRecord {
  /** `shardId sequenceNumber index` of each of its lines. */
  readonly lines: readonly string[];
  /** Its bytes in base64: error documents have nothing else of it that can be relied on. */
  readonly raw: string;
}

/** What a stream holds, read anew from its beginning, and what table and archive must hold if they agree with it. */
export interface StreamContents {
  /** Events, good and bad. */
  readonly accepted: number;
  /** What the table must count, by shard and address. */
  readonly items: ReadonlyMap<string, RecountedItem>;
  /** What is counted by sketches; those of anything else, from an earlier setting, are not compared. */
  readonly uniques: readonly Unique[];
  readonly records: readonly ExpectedRecord[];
}

/** What the aggregator counts with, as far as it changes what the table must hold. */
export type CountedWith = Pick<
  AggregationSettings,
  'deduplicationSeconds' | 'minutesForDays' | 'uniqueVisitors'
>;

const recordsPerFold = 1_000;

export async function readStreamContents(
  streamName: string,
  reader: StreamReader,
  { uniqueVisitors, ...countedWith }: CountedWith,
): Promise<StreamContents> {
  const uniques = uniquesFor(uniqueVisitors);
  const recount = new Recount({ ...countedWith, uniques });
  const records: ExpectedRecord[] = [];
  let accepted = 0;
  for (const { shardId } of await reader.listShards()) {
    for await (const batch of readShard(shardId, reader)) {
      recount.add(`${streamName}/${shardId}`, linesOf(batch));
      for (const record of batch) {
        for (const expected of expectedRecords(shardId, record)) {
          accepted += expected.lines.length;
          records.push(expected);
        }
      }
    }
  }
  return { accepted, items: recount.items, uniques, records };
}

function expectedRecords(
  shardId: string,
  { sequenceNumber, data, arrivedAt }: ShardRecord,
): ExpectedRecord[] {
  return unpack(data).map((record, subsequence) => ({
    lines: readRecord(record.data, arrivedAt).map((_, line) =>
      lineId(shardId, sequenceNumber, eventIndex(subsequence, line)),
    ),
    raw: Buffer.from(record.data).toString('base64'),
  }));
}

export function lineId(shardId: string, sequenceNumber: string, index: number): string {
  return `${shardId} ${sequenceNumber} ${index}`;
}

async function* readShard(shardId: string, reader: StreamReader): AsyncGenerator<readonly ShardRecord[]> {
  let iterator: string | undefined = await reader.getIterator(shardId, { type: 'TRIM_HORIZON' });
  while (iterator !== undefined) {
    const { records, nextIterator } = await reader.read(iterator, recordsPerFold);
    if (records.length === 0) return;
    yield records;
    iterator = nextIterator;
  }
}
