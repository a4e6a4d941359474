import type { ShardRecord } from '../../domain/event/shard-lines';
import type { OutgoingEvent } from '../../producer/client/outgoing-event';
import type { PutOutcome } from '../../producer/client/put-all';
import type { RecordAdapter } from './adapt-record';
import { requestsInOrder } from './put-order';

export interface AdaptPorts {
  readonly adapt: RecordAdapter;
  /** One request, repeated until all of it is acknowledged. */
  readonly put: (records: readonly OutgoingEvent[]) => Promise<PutOutcome>;
}

/** What became of a batch. */
export interface AdaptedBatch {
  /** Of the batch, those that are done. */
  readonly records: number;
  readonly lines: number;
  /** Lines that are no events, put as they are. */
  readonly badLines: number;
  /** Sequence number of the first record that is not done. */
  readonly lowestUnfinished?: string;
  /** Name of what failed. */
  readonly unfinishedBecause?: string;
}

/** So much at once: what one failure has put again at the most, and what is held beside a record's own lines. */
const maxChunk = { events: 2_000, bytes: 1024 * 1024 };

/**
 * Puts the events of a batch, some records at a time, in the order of the shard. What stands before the first record
 * that is not done is acknowledged, and is not read again; what stands behind the records that were under way was never
 * put. So copies come of those alone, and from one attempt to the next.
 */
export async function adaptBatch(
  shard: string,
  records: readonly ShardRecord[],
  { adapt, put }: AdaptPorts,
): Promise<AdaptedBatch> {
  const done = { records: 0, lines: 0, badLines: 0 };
  for (const chunk of chunksOf(shard, records, adapt)) {
    for (const request of requestsInOrder(chunk.outgoing)) {
      const outcome = await put(request);
      if (outcome.kind === 'failed')
        return { ...done, lowestUnfinished: chunk.first, unfinishedBecause: outcome.because };
    }
    done.records += chunk.records;
    done.lines += chunk.lines;
    done.badLines += chunk.badLines;
  }
  return done;
}

interface Chunk {
  /** Sequence number. */
  readonly first: string;
  readonly records: number;
  readonly lines: number;
  readonly badLines: number;
  readonly outgoing: readonly OutgoingEvent[];
}

/** One after the other, so that no more than one is unpacked. */
function* chunksOf(shard: string, records: readonly ShardRecord[], adapt: RecordAdapter): Generator<Chunk> {
  let chunk: (Chunk & { readonly outgoing: OutgoingEvent[] }) | undefined;
  let bytes = 0;
  for (const record of records) {
    const { outgoing, lines, badLines } = adapt(shard, record);
    const before = chunk ?? { first: record.sequenceNumber, records: 0, lines: 0, badLines: 0, outgoing: [] };
    for (const event of outgoing) {
      before.outgoing.push(event);
      bytes += event.data.byteLength;
    }
    chunk = {
      ...before,
      records: before.records + 1,
      lines: before.lines + lines,
      badLines: before.badLines + badLines,
    };
    if (chunk.outgoing.length >= maxChunk.events || bytes >= maxChunk.bytes) {
      yield chunk;
      chunk = undefined;
      bytes = 0;
    }
  }
  if (chunk) yield chunk;
}
