import { createHash } from 'node:crypto';
import { createKinesisClient } from '../../producer/client/kinesis-client';
import type { Packing } from '../../producer/client/packing/packer';
import { createProducer } from '../../producer/client/producer';
import { decodeAggregate } from './client/packing/decode-aggregate';
import { startHttp } from './kinesis-server';

interface Put {
  readonly StreamName: string;
  readonly Records: readonly Readonly<Record<string, string>>[];
}

const shardCount = 4;
const width = 2n ** 128n / BigInt(shardCount);
const shards = Array.from({ length: shardCount }, (_, index) => ({
  ShardId: `shardId-00000000000${index}`,
  HashKeyRange: {
    StartingHashKey: String(BigInt(index) * width),
    EndingHashKey: String(BigInt(index + 1) * width - 1n),
  },
  SequenceNumberRange: { StartingSequenceNumber: '0' },
}));
const shardOf = (key: string) => Math.floor((createHash('md5').update(key).digest()[0]! * shardCount) / 256);

/** Sends 6,000 events of 1,500 visitors, and returns the bodies as they arrived. */
async function bodiesOf(packing: Packing) {
  const puts: { readonly put: Put; readonly bytes: number }[] = [];
  let sequence = 0;
  const server = await startHttp('application/x-amz-json-1.1', (body) => {
    const put = JSON.parse(body) as Put;
    if (!put.Records) return { body: JSON.stringify({ Shards: shards }) };
    puts.push({ put, bytes: Buffer.byteLength(body) });
    const Records = put.Records.map(({ PartitionKey }) => ({
      ShardId: shards[shardOf(PartitionKey!)]!.ShardId,
      SequenceNumber: String(++sequence),
    }));
    return { body: JSON.stringify({ FailedRecordCount: 0, Records }) };
  });
  const client = createKinesisClient(server.access);
  const producer = createProducer({ client, streamName: 'clicks', packing, maxInFlight: 3 });
  for (let number = 0; number < 6000; number++) {
    const filler = 'é'.repeat(150);
    const key = `vísitor-${number % 1500}`;
    void producer.send({ data: Buffer.from(JSON.stringify({ number, key, filler })), partitionKey: key });
  }
  await producer.close();
  client.destroy();
  const connections = server.connections();
  await server.close();
  return { puts, connections };
}

/** The events of a record: their bytes, and the key that a reader of the format sees. */
function eventsIn(data: Buffer, outerKey: string) {
  const inner = decodeAggregate(data);
  if (inner) return inner.map(({ data, partitionKey }) => ({ text: data.toString(), key: partitionKey }));
  return data
    .toString()
    .split('\n')
    .map((text) => ({ text, key: outerKey }));
}

describe('the bytes on the wire', () => {
  it.each<Packing>(['none', 'ndjson', 'kpl'])(
    'are PutRecords within Kinesis’s limits, each event whole and in the shard of its key: --pack %s',
    async (packing) => {
      const { puts, connections } = await bodiesOf(packing);

      // Those of the puts, kept, and at first one for the list of the shards.
      expect(connections).toBeLessThanOrEqual(4);
      const numbers: number[] = [];
      for (const { put, bytes } of puts) {
        expect(Object.keys(put).sort()).toEqual(['Records', 'StreamName']);
        expect(put.StreamName).toBe('clicks');
        expect(put.Records.length).toBeLessThanOrEqual(500);
        expect(bytes).toBeLessThanOrEqual(6 * 1024 * 1024);
        const keys: string[] = [];
        for (const record of put.Records) {
          expect(Object.keys(record).sort()).toEqual(['Data', 'PartitionKey']);
          const data = Buffer.from(record.Data!, 'base64');
          expect(data.toString('base64')).toBe(record.Data);
          expect(data.length + Buffer.byteLength(record.PartitionKey!)).toBeLessThanOrEqual(25_000);
          const events = eventsIn(data, record.PartitionKey!).map(({ text, key }) => {
            const event = JSON.parse(text) as { readonly number: number; readonly key: string };
            if (packing !== 'ndjson') expect(event.key).toBe(key);
            expect(shardOf(event.key)).toBe(shardOf(record.PartitionKey!));
            numbers.push(event.number);
            return event;
          });
          expect(events[0]!.key).toBe(record.PartitionKey);
          keys.push(...new Set(events.map(({ key }) => key)));
        }
        // No two records of a request share a key, since it would not keep their order.
        expect(new Set(keys).size).toBe(keys.length);
      }
      expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 6000 }, (_, number) => number));
      expect(numbers.length / puts.flatMap(({ put }) => put.Records).length > 10).toBe(packing !== 'none');
    },
    60_000,
  );
});
