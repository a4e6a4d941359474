import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStreamCommand,
  DescribeStreamCommand,
  KinesisClient,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { createClients } from '../../../emulators/clients';
import type { Emulator } from '../../../emulators/emulator';
import { startKinesis } from '../../../emulators/kinesis';
import { createKinesisStreamReader } from '../../../local/adapters/kinesis-stream-reader';
import { systemClock } from '../../../local/clock';

describe('the stream reader', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stream-reader-'));
  let emulator: Emulator;
  let clients: ReturnType<typeof createClients>;
  beforeAll(async () => {
    emulator = await startKinesis({ port: 0, dataDir: folder });
    clients = createClients({ kinesis: emulator.endpoint, dynamodb: '', s3: '' }, 'us-east-1');
  });
  afterAll(async () => {
    clients.destroy();
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const untilActive = async (name: string) => {
    for (;;) {
      const { StreamDescription } = await clients.kinesis.send(
        new DescribeStreamCommand({ StreamName: name }),
      );
      if (StreamDescription?.StreamStatus === 'ACTIVE') return;
      await systemClock.sleep(5);
    }
  };
  const createStream = async (name: string, shards: number) => {
    await clients.kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: shards }));
    await untilActive(name);
    return createKinesisStreamReader(clients.kinesis, name);
  };
  const put = (name: string, text: string) =>
    clients.kinesis.send(
      new PutRecordCommand({ StreamName: name, PartitionKey: 'visitor', Data: Buffer.from(text) }),
    );
  const text = ({ data }: { readonly data: Uint8Array }) => Buffer.from(data).toString();

  it('lists the shards of all pages, and asks for a page by its token alone', async () => {
    const asked: unknown[] = [];
    const pages = [
      { Shards: [{ ShardId: 'shard-1' }, { ShardId: 'shard-2' }], NextToken: 'page-2' },
      { Shards: [{ ShardId: 'shard-3', ParentShardId: 'shard-1', AdjacentParentShardId: 'shard-2' }] },
    ];
    const client = new KinesisClient({ region: 'us-east-1' });
    client.middlewareStack.add(
      () =>
        async ({ input }) =>
          ({ output: pages[asked.push(input) - 1], response: {} }) as never,
      {
        step: 'initialize',
      },
    );
    expect(await createKinesisStreamReader(client, 'wide').listShards()).toEqual([
      { shardId: 'shard-1' },
      { shardId: 'shard-2' },
      { shardId: 'shard-3', parentShardId: 'shard-1', adjacentParentShardId: 'shard-2' },
    ]);
    expect(asked).toEqual([{ StreamName: 'wide' }, { NextToken: 'page-2' }]);
  });

  it('names the parents of shards', async () => {
    const reader = await createStream('split', 1);
    await clients.kinesis.send(
      new SplitShardCommand({
        StreamName: 'split',
        ShardToSplit: 'shardId-000000000000',
        NewStartingHashKey: '170141183460469231731687303715884105728',
      }),
    );
    await untilActive('split');
    expect(await reader.listShards()).toEqual([
      { shardId: 'shardId-000000000000' },
      { shardId: 'shardId-000000000001', parentShardId: 'shardId-000000000000' },
      { shardId: 'shardId-000000000002', parentShardId: 'shardId-000000000000' },
    ]);
  });

  it('reads records with the moment of their arrival, in milliseconds', async () => {
    const reader = await createStream('reading', 1);
    const before = Date.now();
    await put('reading', 'Café');
    const after = Date.now();
    const [shard] = await reader.listShards();
    const iterator = await reader.getIterator(shard!.shardId, { type: 'TRIM_HORIZON' });
    const { records, nextIterator } = await reader.read(iterator, 100);
    expect(records.map(text)).toEqual(['Café']);
    expect(records[0]).toMatchObject({
      partitionKey: 'visitor',
      sequenceNumber: expect.stringMatching(/^\d{56}$/),
    });
    expect(Number.isInteger(records[0]!.arrivedAt)).toBe(true);
    expect(records[0]!.arrivedAt).toBeGreaterThanOrEqual(before);
    expect(records[0]!.arrivedAt).toBeLessThanOrEqual(after);
    await put('reading', 'next');
    expect((await reader.read(nextIterator!, 100)).records.map(text)).toEqual(['next']);
  });

  it('starts at each position', async () => {
    const reader = await createStream('positions', 1);
    await put('positions', 'first');
    await systemClock.sleep(2);
    const timestamp = Date.now();
    const second = await put('positions', 'second');
    const read = async (position: Parameters<typeof reader.getIterator>[1]) => {
      const iterator = await reader.getIterator('shardId-000000000000', position);
      return (await reader.read(iterator, 10)).records.map(text);
    };
    expect(await read({ type: 'TRIM_HORIZON' })).toEqual(['first', 'second']);
    expect(await read({ type: 'AT_TIMESTAMP', timestamp })).toEqual(['second']);
    expect(await read({ type: 'AFTER_SEQUENCE_NUMBER', sequenceNumber: second.SequenceNumber! })).toEqual([]);
    expect(await read({ type: 'LATEST' })).toEqual([]);
  });

  it('starts at an instant of which nothing has come yet, and then gives just what comes', async () => {
    const reader = await createStream('since', 1);
    await put('since', 'before');
    const timestamp = Date.now() + 1;
    while (Date.now() < timestamp) await new Promise(setImmediate);
    let next = await reader.getIterator('shardId-000000000000', { type: 'AT_TIMESTAMP', timestamp });
    const read: string[] = [];
    for (const data of ['', 'after', 'later']) {
      if (data !== '') await put('since', data);
      const result = await reader.read(next, 100);
      read.push(...result.records.map(text));
      next = result.nextIterator!;
    }
    expect(read).toEqual(['after', 'later']);
  });

  it('gives all that is behind the first record since an instant, though the clock was set back meanwhile', async () => {
    const reader = await createStream('set-back', 1);
    await put('set-back', 'before');
    const timestamp = Date.now() + 1;
    while (Date.now() < timestamp) await new Promise(setImmediate);
    await put('set-back', 'first');
    const now = Date.now.bind(Date);
    const setBack = jest.spyOn(Date, 'now').mockImplementation(() => now() - 60_000);
    await put('set-back', 'second').finally(() => setBack.mockRestore());
    const iterator = await reader.getIterator('shardId-000000000000', { type: 'AT_TIMESTAMP', timestamp });
    expect((await reader.read(iterator, 100)).records.map(text)).toEqual(['first', 'second']);
  });

  it('has no next iterator at the end of a closed shard', async () => {
    const reader = await createStream('closed', 1);
    await put('closed', 'last');
    await clients.kinesis.send(
      new SplitShardCommand({
        StreamName: 'closed',
        ShardToSplit: 'shardId-000000000000',
        NewStartingHashKey: '170141183460469231731687303715884105728',
      }),
    );
    await untilActive('closed');
    const read: string[] = [];
    let next: string | undefined = await reader.getIterator('shardId-000000000000', { type: 'TRIM_HORIZON' });
    while (next !== undefined) {
      const result = await reader.read(next, 100);
      read.push(...result.records.map(text));
      next = result.nextIterator;
    }
    expect(read).toEqual(['last']);
  });

  it('gives up to the limit, and about 10 MiB, however large the records are', async () => {
    const reader = await createStream('large', 1);
    const putMany = (count: number, bytes: number) =>
      clients.kinesis.send(
        new PutRecordsCommand({
          StreamName: 'large',
          Records: Array.from({ length: count }, () => ({
            PartitionKey: 'v',
            Data: Buffer.alloc(bytes, 'x'),
          })),
        }),
      );
    for (let call = 0; call < 6; call += 1) await putMany(500, 10);
    for (let call = 0; call < 3; call += 1) await putMany(40, 200_000);
    let iterator = await reader.getIterator('shardId-000000000000', { type: 'TRIM_HORIZON' });

    const small = await reader.read(iterator, 2_900);
    expect(small.records).toHaveLength(2_900);

    const sizes: number[] = [];
    iterator = small.nextIterator!;
    for (let total = 0; total < 220; ) {
      const result = await reader.read(iterator, 10_000);
      total += result.records.length;
      iterator = result.nextIterator!;
      sizes.push(result.records.reduce((sum, { data }) => sum + data.byteLength, 0));
    }
    // The first read cannot know that the records grow; from then on the bound holds, to within a record.
    for (const size of sizes.slice(1)) expect(size).toBeLessThan(11 * 1024 * 1024);
  });

  it('throws on an iterator that is none', async () => {
    const reader = await createStream('broken', 1);
    await expect(reader.read('AAAA', 10)).rejects.toThrow('Invalid ShardIterator');
  });
});
