import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import { unpack } from '../../domain/event/kpl';
import { eventIndex } from '../../domain/event/position';

export interface StoredEvent {
  /** As ledger and archive name it: shard, sequence number, index in the record. */
  readonly place: string;
  readonly text: string;
}

/** What a stream holds, event by event: lines and inner records of packed records each by itself. */
export async function readEvents(client: KinesisClient, streamName = 'clicks'): Promise<StoredEvent[]> {
  const stored: StoredEvent[] = [];
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: streamName }));
  for (const { ShardId } of Shards) {
    const from = { StreamName: streamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    let { ShardIterator } = await client.send(new GetShardIteratorCommand(from));
    for (;;) {
      const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator }));
      if (Records.length === 0) break;
      for (const { SequenceNumber, Data } of Records) {
        unpack(Data!).forEach(({ data }, inner) => {
          for (const [line, text] of Buffer.from(data).toString().split('\n').entries()) {
            stored.push({ place: `${ShardId} ${SequenceNumber} ${eventIndex(inner, line)}`, text });
          }
        });
      }
      ShardIterator = NextShardIterator;
    }
  }
  return stored;
}
