import {
  type Shard as AwsShard,
  ListShardsCommand,
  type ListShardsCommandOutput,
} from '@aws-sdk/client-kinesis';
import type { Shard } from './shard-map';

/** The part of a `KinesisClient` that lists shards. */
export interface ListShardsClient {
  send(command: ListShardsCommand): Promise<ListShardsCommandOutput>;
}

/** The shards that take records, in no particular order. Rejects with the client's error. */
export async function listOpenShards(client: ListShardsClient, streamName: string): Promise<Shard[]> {
  const open: Shard[] = [];
  let page: ListShardsCommandOutput | undefined;
  do {
    // A token stands for the stream and the filter, and excludes them.
    const input = page?.NextToken
      ? { NextToken: page.NextToken }
      : { StreamName: streamName, ShardFilter: { Type: 'AT_LATEST' as const } };
    page = await client.send(new ListShardsCommand(input));
    for (const shard of page.Shards ?? []) if (isOpen(shard)) open.push(shardOf(shard));
  } while (page.NextToken);
  return open;
}

// Emulators ignore the filter.
function isOpen({ SequenceNumberRange }: AwsShard): boolean {
  return SequenceNumberRange?.EndingSequenceNumber === undefined;
}

function shardOf({ ShardId, HashKeyRange }: AwsShard): Shard {
  if (!ShardId || !HashKeyRange?.StartingHashKey || !HashKeyRange.EndingHashKey) {
    throw new Error('ListShards named a shard without an id or a range of hash keys');
  }
  return {
    id: ShardId,
    firstHash: hexadecimal(HashKeyRange.StartingHashKey),
    lastHash: hexadecimal(HashKeyRange.EndingHashKey),
  };
}

function hexadecimal(decimal: string): string {
  return BigInt(decimal).toString(16).padStart(32, '0');
}
