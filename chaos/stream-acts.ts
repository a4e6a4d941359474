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

export function openStream(where: LocalPipeline): StreamActs {
  const { region, credentials, endpoints, stream: StreamName } = where;
  const client = new KinesisClient({
    ...{ region, credentials, endpoint: endpoints.kinesis, maxAttempts: patientAttempts },
    requestHandler: new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: true }) }),
  });
  const openShards = async (): Promise<readonly Shard[]> =>
    createShardMap(await listOpenShards(client, StreamName)).shards;
  const idsOf = (shards: readonly Shard[]): string => shards.map(({ id }) => id).join();

  /** A reshard whose answer was lost is done all the same, and its repetition is refused: what the stream has then counts. */
  const reshard = async (before: readonly Shard[], change: () => Promise<unknown>): Promise<boolean> => {
    await change().catch(() => {});
    for (;;) {
      const answer = await client.send(new DescribeStreamSummaryCommand({ StreamName }));
      if (answer.StreamDescriptionSummary?.StreamStatus === 'ACTIVE') break;
    }
    return idsOf(await openShards()) !== idsOf(before);
  };

  return {
    close: () => client.destroy(),
    put: async (Data, PartitionKey) => {
      await client.send(new PutRecordCommand({ StreamName, Data, PartitionKey }));
    },
    split: async (random) => {
      const shards = await openShards();
      if (shards.length >= mostShards) return false;
      const { id: ShardToSplit, firstHash, lastHash } = random.pick(shards);
      const NewStartingHashKey = String((BigInt(`0x${firstHash}`) + BigInt(`0x${lastHash}`)) / 2n);
      return reshard(shards, () =>
        client.send(new SplitShardCommand({ StreamName, ShardToSplit, NewStartingHashKey })),
      );
    },
    merge: async (random) => {
      const shards = await openShards();
      if (shards.length < 2) return false;
      const index = random.below(shards.length - 1);
      const [ShardToMerge, AdjacentShardToMerge] = [shards[index]!.id, shards[index + 1]!.id];
      return reshard(shards, () =>
        client.send(new MergeShardsCommand({ StreamName, ShardToMerge, AdjacentShardToMerge })),
      );
    },
  };
}
