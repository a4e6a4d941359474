import { digestOf } from '../domain/archive/error-object';
import { Recount, type RecountedItem, type RecountOptions } from '../domain/counters/recount';
import { deliveredRecords, linesOf, type ShardRecord } from '../domain/event/shard-lines';
import type { Unique } from '../domain/visitors/uniques';
import { placeId } from './archive-contents';

/** The stream, as far as it is compared. */
export interface StreamSource {
  shardIds(): Promise<readonly string[]>;
  /** A shard's records in order, from the oldest or from an arrival in epoch milliseconds to those that it holds now. */
  read(shardId: string, from: { readonly arrivedAt: number }): AsyncIterable<readonly ShardRecord[]>;
}

/**
 * What the archive may hold of a record that Firehose delivers: its lines at their places, or, if the transformer failed
 * at it, the whole record under the error prefix.
 */
export interface ExpectedRecord {
  /** The place of each of its lines. */
  readonly lines: readonly string[];
  /** Error documents have nothing else of it that can be relied on. */
  readonly digest: string;
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

export async function readStreamContents(
  streamName: string,
  source: StreamSource,
  countedWith: RecountOptions,
): Promise<StreamContents> {
  const recount = new Recount(countedWith);
  const records: ExpectedRecord[] = [];
  let accepted = 0;
  for (const shardId of await source.shardIds()) {
    for await (const batch of source.read(shardId, { arrivedAt: 0 })) {
      recount.add(`${streamName}/${shardId}`, linesOf(batch));
      for (const record of batch) {
        const { sequenceNumber } = record;
        for (const { data, lines } of deliveredRecords(record)) {
          accepted += lines.length;
          const places = lines.map(({ index }) =>
            placeId({ shardId, sequenceNumber, subSequenceNumber: index }),
          );
          records.push({ lines: places, digest: digestOf(data) });
        }
      }
    }
  }
  return { accepted, items: recount.items, uniques: countedWith.uniques, records };
}
