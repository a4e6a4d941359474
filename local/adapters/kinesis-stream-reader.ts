import {
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  type KinesisClient,
  ListShardsCommand,
  type ListShardsCommandOutput,
  type _Record as SdkRecord,
  type Shard as SdkShard,
} from '@aws-sdk/client-kinesis';
import type { ReadResult, Shard, StartPosition, StreamReader, StreamRecord } from '../stream-reader';

/** A GetRecords of AWS gives no more: a guard against answers of hundreds of megabytes from the emulator. */
const mostBytes = 10 * 1024 * 1024;
/** Records asked for in one call, so that a sudden run of large ones stays bearable too. */
const mostAtOnce = 1_000;
const firstAsk = 200;
const recordOverheadBytes = 256;

/** Reads a stream with the calls of a shared-throughput consumer. */
export function createKinesisStreamReader(client: KinesisClient, streamName: string): StreamReader {
  // Records are asked for by number but bounded in bytes, so the size of the last ones tells how many to ask for.
  let typicalBytes = mostBytes / firstAsk;

  return {
    async listShards() {
      const shards: Shard[] = [];
      let nextToken: string | undefined;
      do {
        // AWS takes either the stream's name or the token of the page before.
        const page: ListShardsCommandOutput = await client.send(
          new ListShardsCommand(
            nextToken === undefined ? { StreamName: streamName } : { NextToken: nextToken },
          ),
        );
        shards.push(...(page.Shards ?? []).map(toShard));
        nextToken = page.NextToken;
      } while (nextToken !== undefined);
      return shards;
    },

    async getIterator(shardId, position) {
      if (position.type === 'AT_TIMESTAMP') {
        return sinceIterator(position.timestamp, await this.getIterator(shardId, { type: 'TRIM_HORIZON' }));
      }
      const { ShardIterator: iterator } = await client.send(
        new GetShardIteratorCommand({ StreamName: streamName, ShardId: shardId, ...toSdkPosition(position) }),
      );
      if (iterator === undefined) throw new Error(`no iterator for ${shardId} of ${streamName}`);
      return iterator;
    },

    async read(iterator, limit): Promise<ReadResult> {
      const records: StreamRecord[] = [];
      const start = parseIterator(iterator);
      let bytes = 0;
      let next: string | undefined = start.iterator;
      while (next !== undefined && records.length < limit && bytes < mostBytes) {
        const room = Math.max(1, Math.floor((mostBytes - bytes) / typicalBytes));
        const ask = Math.min(limit - records.length, room, mostAtOnce);
        const page: GetRecordsCommandOutput = await client.send(
          new GetRecordsCommand({ ShardIterator: next, Limit: ask }),
        );
        const read = (page.Records ?? []).map(toRecord);
        next = page.NextShardIterator;
        if (read.length === 0) break;
        const readBytes = read.reduce((sum, { data }) => sum + data.byteLength + recordOverheadBytes, 0);
        typicalBytes = readBytes / read.length;
        bytes += readBytes;
        // Sequence numbers order a shard, and arrivals need not follow them: behind the first record all are taken.
        const first = records.length > 0 ? 0 : read.findIndex(({ arrivedAt }) => arrivedAt >= start.since);
        records.push(...(first === -1 ? [] : read.slice(first)));
        if (read.length < ask) break;
      }
      if (next === undefined) return { records };
      // What arrived later has later sequence numbers: after the first such record there is nothing to leave out.
      const isPast = records.length > 0 || start.since === 0;
      return { records, nextIterator: isPast ? next : sinceIterator(start.since, next) };
    },
  };
}

/**
 * An iterator that leaves out what arrived before an instant. kinesalite's own never answers while the shard holds
 * nothing later, so the shard is read from its beginning, and what is too old is left out here.
 */
function sinceIterator(since: number, iterator: string): string {
  return `since ${since} ${iterator}`;
}

function parseIterator(text: string): { readonly since: number; readonly iterator: string } {
  const [, since, iterator] = /^since (\d+) (.*)$/.exec(text) ?? [];
  return since === undefined || iterator === undefined
    ? { since: 0, iterator: text }
    : { since: Number(since), iterator };
}

function toShard({ ShardId, ParentShardId, AdjacentParentShardId }: SdkShard): Shard {
  return {
    shardId: ShardId!,
    ...(ParentShardId === undefined ? {} : { parentShardId: ParentShardId }),
    ...(AdjacentParentShardId === undefined ? {} : { adjacentParentShardId: AdjacentParentShardId }),
  };
}

function toRecord(record: SdkRecord): StreamRecord {
  return {
    sequenceNumber: record.SequenceNumber!,
    partitionKey: record.PartitionKey!,
    data: record.Data ?? new Uint8Array(),
    arrivedAt: record.ApproximateArrivalTimestamp!.getTime(),
  };
}

function toSdkPosition(
  position: Exclude<StartPosition, { type: 'AT_TIMESTAMP' }>,
): Pick<GetShardIteratorCommandInput, 'ShardIteratorType' | 'StartingSequenceNumber'> {
  return position.type === 'AFTER_SEQUENCE_NUMBER'
    ? { ShardIteratorType: position.type, StartingSequenceNumber: position.sequenceNumber }
    : { ShardIteratorType: position.type };
}
