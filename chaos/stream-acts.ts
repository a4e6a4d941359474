import { Agent } from 'node:http';
import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  MergeShardsCommand,
  PutRecordCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { LocalPipeline } from '../cli/local-pipeline';
import type { Random } from '../domain/numbers/random';
import { listOpenShards } from '../producer/client/shards/list-shards';
import { createShardMap, type Shard } from '../producer/client/shards/shard-map';

/** What is done to a stream under load. */
export interface StreamActs {
  put(data: Buffer, partitionKey: string): Promise<void>;
  /** False where there is nothing to split or to merge. */
  split(random: Random): Promise<boolean>;
  merge(random: Random): Promise<boolean>;
  close(): void;
}

const mostShards = 4;

/** Faults are injected into these calls, too. */
const patientAttempts = 20;

export function openStream({
  region,
  credentials,
  endpoints,
  stream: streamName,
}: LocalPipeline): StreamActs {
  const client = new KinesisClient({
    region,
    credentials,
    endpoint: endpoints.kinesis,
    maxAttempts: patientAttempts,
    requestHandler: new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: true }) }),
  });
  const openShards = async (): Promise<readonly Shard[]> =>
    createShardMap(await listOpenShards(client, streamName)).shards;

  /** A reshard whose answer was lost is done all the same, and its repetition is refused: what the stream has then counts. */
  const reshard = async (change: () => Promise<unknown>): Promise<boolean> => {
    const before = (await openShards()).map(({ id }) => id).join();
    await change().catch(() => {});
    for (;;) {
      const { StreamDescriptionSummary: summary } = await client.send(
        new DescribeStreamSummaryCommand({ StreamName: streamName }),
      );
      if (summary?.StreamStatus === 'ACTIVE') break;
    }
    return (await openShards()).map(({ id }) => id).join() !== before;
  };

  return {
    close: () => client.destroy(),
    put: async (data, partitionKey) => {
      await client.send(
        new PutRecordCommand({ StreamName: streamName, Data: data, PartitionKey: partitionKey }),
      );
    },
    split: async (random) => {
      const shards = await openShards();
      if (shards.length >= mostShards) return false;
      const { id, firstHash, lastHash } = random.pick(shards);
      const middle = (BigInt(`0x${firstHash}`) + BigInt(`0x${lastHash}`)) / 2n;
      return reshard(() =>
        client.send(
          new SplitShardCommand({
            StreamName: streamName,
            ShardToSplit: id,
            NewStartingHashKey: String(middle),
          }),
        ),
      );
    },
    merge: async (random) => {
      const shards = await openShards();
      if (shards.length < 2) return false;
      const index = random.below(shards.length - 1);
      return reshard(() =>
        client.send(
          new MergeShardsCommand({
            StreamName: streamName,
            ShardToMerge: shards[index]!.id,
            AdjacentShardToMerge: shards[index + 1]!.id,
          }),
        ),
      );
    },
  };
}
