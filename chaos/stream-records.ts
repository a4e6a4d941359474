import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import type { CountedRecord } from './independent-count';

/**
 * All that the laptop's stream holds by now, shard by shard, closed ones included. What arrives while it is read may be
 * among it or not.
 */
export async function* streamRecords(
  client: KinesisClient,
  StreamName: string,
): AsyncGenerator<CountedRecord, void, undefined> {
  const startedAt = Date.now();
  // One answer names up to 1,000, and no soak makes as many.
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
  for (const { ShardId = '' } of Shards) {
    const start = new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' });
    let { ShardIterator: iterator } = await client.send(start);
    while (iterator !== undefined) {
      const page = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
      let arrivedAt = 0;
      for (const { Data = new Uint8Array(), ApproximateArrivalTimestamp } of page.Records ?? []) {
        arrivedAt = ApproximateArrivalTimestamp?.getTime() ?? 0;
        yield { shardId: ShardId, data: Data, arrivedAt };
      }
      // A stream that is written to would never end.
      iterator = arrivedAt === 0 || arrivedAt > startedAt ? undefined : page.NextShardIterator;
    }
  }
}
