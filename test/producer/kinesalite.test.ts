import { join } from 'node:path';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
} from '@aws-sdk/client-kinesis';
import { createKinesisClient } from '../../producer/client/kinesis-client';
import { parseTraffic } from '../../producer/command/options';
import { runProducer } from '../../producer/command/run-producer';
import { startKinesalite, type TestServer } from './kinesis-server';

let server: TestServer;
let client: KinesisClient;
beforeAll(async () => {
  server = await startKinesalite(3);
  client = createKinesisClient(server.access);
});
afterAll(async () => {
  client.destroy();
  await server.close();
});

interface Stored {
  readonly place: string;
  readonly key: string | undefined;
  readonly text: string;
}

async function readStream(): Promise<Stored[]> {
  const stored: Stored[] = [];
  const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName: 'clicks' }));
  for (const { ShardId } of Shards) {
    const place = { StreamName: 'clicks', ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    let { ShardIterator } = await client.send(new GetShardIteratorCommand(place));
    for (;;) {
      const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator }));
      if (Records.length === 0) break;
      for (const { SequenceNumber, PartitionKey, Data } of Records) {
        stored.push({
          place: `${ShardId} ${SequenceNumber}`,
          key: PartitionKey,
          text: Buffer.from(Data!).toString(),
        });
      }
      ShardIterator = NextShardIterator;
    }
  }
  return stored;
}

describe('the producer against a Kinesis emulator', () => {
  it('puts each event into the stream once, where its receipt says, over kept connections', async () => {
    const receipts = new Map<string, string>();
    const path = join(__dirname, '../fixtures/access-log-500.log');
    const connectionsBefore = server.connections();
    const run = runProducer(
      parseTraffic({ input: path, format: 'combined' }),
      {
        client,
        streamName: 'clicks',
        onAccepted: ({ data }, { shardId, sequenceNumber }) =>
          receipts.set(`${shardId} ${sequenceNumber}`, Buffer.from(data).toString()),
      },
      { maxInFlight: 2, packing: 'none' },
    );

    expect(await run.finished).toMatchObject({
      read: 500,
      accepted: 500,
      failed: 0,
      retried: 0,
      skippedLines: 0,
    });
    const stored = await readStream();
    expect(stored).toHaveLength(500);
    for (const { place, key, text } of stored) {
      expect(text).toBe(receipts.get(place));
      expect(key).toBe(JSON.parse(text).visitorId);
    }
    expect(new Set(stored.map(({ place }) => place.split(' ')[0])).size).toBe(3);
    expect(server.connections() - connectionsBefore).toBeLessThanOrEqual(2);
  });
});
