import {
  type KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  type Shard,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { eventIndex } from '../../domain/event/position';
import { createKinesisClient } from '../../producer/client/kinesis-client';
import type { Packing } from '../../producer/client/packing/packer';
import { createProducer } from '../../producer/client/producer';
import type { Accepted, Receipt } from '../../producer/client/receipt';
import { hashKeyOf } from '../../producer/client/shards/shard-map';
import { startKinesalite, type TestServer, untilActive } from './kinesis-server';
import { readEvents } from './stream-reading';

const StreamName = 'clicks';
const keyCount = 300;
const rounds = 40;

let server: TestServer;
let client: KinesisClient;
beforeEach(async () => {
  server = await startKinesalite(2);
  client = createKinesisClient(server.access);
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

async function listShards(): Promise<Shard[]> {
  return (await client.send(new ListShardsCommand({ StreamName }))).Shards!;
}

const isOpen = ({ SequenceNumberRange }: Shard) => SequenceNumberRange!.EndingSequenceNumber === undefined;

/** Splits the widest open shard in the middle. */
async function split(): Promise<void> {
  const width = ({ HashKeyRange }: Shard) =>
    BigInt(HashKeyRange!.EndingHashKey!) - BigInt(HashKeyRange!.StartingHashKey!);
  const open = (await listShards()).filter(isOpen);
  const { ShardId, HashKeyRange } = open.reduce((a, b) => (width(b) > width(a) ? b : a));
  const middle = (BigInt(HashKeyRange!.StartingHashKey!) + BigInt(HashKeyRange!.EndingHashKey!)) / 2n;
  const NewStartingHashKey = String(middle);
  await client.send(new SplitShardCommand({ StreamName, ShardToSplit: ShardId, NewStartingHashKey }));
}

/** Merges the first two open shards. */
async function merge(): Promise<void> {
  const start = ({ HashKeyRange }: Shard) => BigInt(HashKeyRange!.StartingHashKey!);
  const [left, right] = (await listShards()).filter(isOpen).sort((a, b) => (start(a) < start(b) ? -1 : 1));
  await client.send(
    new MergeShardsCommand({
      StreamName,
      ShardToMerge: left!.ShardId,
      AdjacentShardToMerge: right!.ShardId,
    }),
  );
}

const keyOf = (number: number) => `visitor-${number % keyCount}`;

interface SentEvent {
  readonly number: number;
  readonly filler: string;
}

/** Sends without a pause, while shards are split and merged; returns what became of each event, by its number. */
async function sendWhileResharding(packing: Packing) {
  const producer = createProducer({
    client,
    streamName: StreamName,
    packing,
    packBytes: 4000,
    shardBudget: 'unlimited',
    maxBufferedEvents: keyCount * 3,
  });
  const receipts: Receipt[] = [];
  const orderOfReceipts: number[] = [];
  let changes = Promise.resolve();
  const change = (reshard: () => Promise<void>) => {
    changes = changes.then(reshard).then(() => untilActive(client));
  };
  for (let number = 0; number < rounds * keyCount; number++) {
    await producer.room();
    // Each falls among requests that are under way.
    if (number === 10 * keyCount) change(split);
    if (number === 20 * keyCount) change(split);
    if (number === 30 * keyCount) change(merge);
    const event: SentEvent = { number, filler: ''.padEnd(100, 'x') };
    void producer
      .send({ data: Buffer.from(JSON.stringify(event)), partitionKey: keyOf(number) })
      .then((receipt) => {
        receipts[number] = receipt;
        orderOfReceipts.push(number);
      });
  }
  await producer.close();
  await changes;
  return { receipts, orderOfReceipts, stats: producer.stats() };
}

function expectInOrder(numbers: readonly number[]): void {
  const last = new Map<string, number>();
  const overtaken = numbers.filter((number) => {
    const before = last.get(keyOf(number)) ?? -1;
    last.set(keyOf(number), number);
    return before >= number;
  });
  expect(overtaken).toEqual([]);
}

interface Stored {
  readonly shardId: string;
  readonly record: string;
  readonly place: string;
  readonly number: number;
}

async function readStored(): Promise<Stored[]> {
  return (await readEvents(client)).map(({ place, text }) => {
    const [shardId, sequenceNumber] = place.split(' ');
    const { number } = JSON.parse(text) as SentEvent;
    return { shardId: shardId!, record: `${shardId} ${sequenceNumber}`, place, number };
  });
}

const all = Array.from({ length: rounds * keyCount }, (_, number) => number);

describe('a stream that is resharded under load', () => {
  it.each<Packing>(['none', 'ndjson', 'kpl'])(
    'holds what was accepted where the receipts say, each key in order: --pack %s',
    async (packing) => {
      const { receipts, orderOfReceipts, stats } = await sendWhileResharding(packing);
      const shards = await listShards();
      const stored = await readStored();

      expect(shards).toHaveLength(2 + 2 + 2 + 1);
      expect(new Set(stored.map(({ shardId }) => shardId)).size).toBe(shards.length);
      expect(stats).toMatchObject({ accepted: all.length, failed: 0 });
      const numbers = new Map(stored.map(({ place, number }) => [place, number]));
      const found = receipts.map((receipt) => {
        const { shardId, sequenceNumber, subSequenceNumber } = receipt as Accepted;
        const index = packing === 'kpl' ? eventIndex(subSequenceNumber, 0) : subSequenceNumber;
        return numbers.get(`${shardId} ${sequenceNumber} ${index}`);
      });
      expect(found).toEqual(all);
      expectInOrder(orderOfReceipts);
      for (const { ShardId } of shards) {
        const inShard = stored.filter(({ shardId }) => shardId === ShardId);
        // An aggregate that is sent again because its readers drop it is a copy, after the events that followed.
        if (packing !== 'kpl') expectInOrder(inShard.map(({ number }) => number));
      }

      // Which events lie in a shard that does not have their keys?
      const ranges = new Map(shards.map(({ ShardId, HashKeyRange }) => [ShardId, HashKeyRange!]));
      const misplaced = stored.filter(({ shardId, number }) => {
        const hash = BigInt(`0x${hashKeyOf(keyOf(number))}`);
        const { StartingHashKey, EndingHashKey } = ranges.get(shardId)!;
        return hash < BigInt(StartingHashKey!) || hash > BigInt(EndingHashKey!);
      });
      if (packing === 'none') expect(misplaced).toEqual([]);

      // What a reader of the format sees, who drops an aggregate with such an event; other readers see all.
      const dropped = new Set(packing === 'kpl' ? misplaced.map(({ record }) => record) : []);
      const seen = stored.filter(({ record }) => !dropped.has(record));
      expect(seen.map(({ number }) => number).sort((a, b) => a - b)).toEqual(all);
      expect(stored.length - seen.length).toBe(stats.ambiguous);
    },
    60_000,
  );
});
