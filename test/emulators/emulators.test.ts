import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListShardsCommand,
  ListStreamsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { createClients } from '../../emulators/clients';
import { startKinesis } from '../../emulators/kinesis';
import { createKinesisStreamReader } from '../../local/adapters/kinesis-stream-reader';
import type { Deployment, StreamSpec } from '../../local/deployment';
import { provision } from '../../local/provision';
import { runTypeScript, type TestProcess } from '../support/child-process';
import { type AllEmulators, startAll } from './start-all';

const folder = mkdtempSync(join(tmpdir(), 'emulators-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clicks: StreamSpec = {
  name: 'clicks',
  arn: 'arn:stream',
  mode: 'PROVISIONED',
  shardCount: 2,
  retentionHours: 48,
};
const deployment: Pick<Deployment, 'streams' | 'tables' | 'buckets'> = {
  streams: [clicks],
  tables: [{ name: 'counters', arn: 'arn:table', partitionKey: 'pk', sortKey: 'sk' }],
  buckets: [{ logicalId: 'Archive', name: 'archive', arn: 'arn:aws:s3:::archive' }],
};

describe('the emulators', () => {
  let all: AllEmulators;
  const dataDir = join(folder, 'together');
  beforeAll(async () => {
    all = await startAll(dataDir);
    await provision(deployment, all.clients);
  });
  afterAll(() => all.close());

  const put = (key: string, body: string | Buffer, rest = {}) =>
    all.clients.s3.send(new PutObjectCommand({ Bucket: 'archive', Key: key, Body: body, ...rest }));

  it('listen on this machine only', () => {
    for (const endpoint of Object.values(all.endpoints))
      expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('take a PutRecords of the 10 MiB that AWS allows, which is more as JSON', async () => {
    const record = { PartitionKey: 'visitor', Data: Buffer.alloc(1024 * 1024 - 7, 'x') };
    const answer = await all.clients.kinesis.send(
      new PutRecordsCommand({ StreamName: 'clicks', Records: Array(10).fill(record) }),
    );
    expect(answer.FailedRecordCount).toBe(0);
    expect(answer.Records).toHaveLength(10);
  });

  it('keep records for the retention of the stream, and no longer', async () => {
    await provision({ ...deployment, streams: [{ ...clicks, name: 'kept', shardCount: 1 }] }, all.clients);
    await all.clients.kinesis.send(
      new PutRecordsCommand({
        StreamName: 'kept',
        Records: [{ PartitionKey: 'v', Data: Buffer.from('old') }],
      }),
    );
    const reader = createKinesisStreamReader(all.clients.kinesis, 'kept');
    const readAfter = async (hours: number) => {
      const now = Date.now();
      const later = jest.spyOn(Date, 'now').mockReturnValue(now + hours * 3_600_000);
      try {
        const iterator = await reader.getIterator('shardId-000000000000', { type: 'TRIM_HORIZON' });
        return (await reader.read(iterator, 10)).records.length;
      } finally {
        later.mockRestore();
      }
    };
    expect(await readAfter(47)).toBe(1);
    expect(await readAfter(49)).toBe(0);
  });

  it('answer an iterator at an instant after the last record, which starts at the end of the shard', async () => {
    await provision({ ...deployment, streams: [{ ...clicks, name: 'timed', shardCount: 1 }] }, all.clients);
    const put = (data: string) =>
      all.clients.kinesis.send(
        new PutRecordsCommand({
          StreamName: 'timed',
          Records: [{ PartitionKey: 'v', Data: Buffer.from(data) }],
        }),
      );
    const read = async (iterator: string | undefined) => {
      const { Records } = await all.clients.kinesis.send(new GetRecordsCommand({ ShardIterator: iterator! }));
      return Records?.map(({ Data }) => Buffer.from(Data!).toString());
    };
    const at = (Timestamp: Date) =>
      all.clients.kinesis.send(
        new GetShardIteratorCommand({
          StreamName: 'timed',
          ShardId: 'shardId-000000000000',
          ShardIteratorType: 'AT_TIMESTAMP',
          Timestamp,
        }),
      );
    const start = new Date(Date.now() - 1);
    await put('before');
    const stored = Date.now();
    while (Date.now() === stored) await new Promise(setImmediate);
    const { ShardIterator: late } = await at(new Date());
    await put('after');
    expect(await read(late)).toEqual(['after']);
    expect(await read((await at(start)).ShardIterator)).toEqual(['before', 'after']);
  });

  const reshard = async (command: SplitShardCommand | MergeShardsCommand) => {
    for (;;) {
      try {
        return await all.clients.kinesis.send(command as SplitShardCommand);
      } catch (error) {
        // The stream is being created or changed.
        if (!['ResourceInUseException', 'ResourceNotFoundException'].includes((error as Error).name))
          throw error;
      }
    }
  };

  it('end a closed shard with its records, though the clock was set back since', async () => {
    const { kinesis } = all.clients;
    await kinesis.send(new CreateStreamCommand({ StreamName: 'jumping', ShardCount: 1 }));
    const ShardId = 'shardId-000000000000';
    const now = Date.now.bind(Date);
    const jumped = jest.spyOn(Date, 'now').mockImplementation(() => now() + 1_200_000);
    try {
      await reshard(
        new SplitShardCommand({
          StreamName: 'jumping',
          ShardToSplit: ShardId,
          NewStartingHashKey: `${2n ** 127n}`,
        }),
      );
      const closed = async () => {
        const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: 'jumping' }));
        return Shards[0]?.SequenceNumberRange?.EndingSequenceNumber;
      };
      while (!(await closed()));
    } finally {
      jumped.mockRestore();
    }
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({ StreamName: 'jumping', ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
    );
    const { NextShardIterator, Records } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    expect({ NextShardIterator, Records }).toEqual({ NextShardIterator: undefined, Records: [] });
  });

  it('split a shard once, whatever is asked for again because its answer got lost', async () => {
    await all.clients.kinesis.send(new CreateStreamCommand({ StreamName: 'resharded', ShardCount: 2 }));
    const split = {
      StreamName: 'resharded',
      ShardToSplit: 'shardId-000000000001',
      NewStartingHashKey: `${3n * 2n ** 126n}`,
    };
    await reshard(new SplitShardCommand(split));
    await expect(reshard(new SplitShardCommand(split))).rejects.toMatchObject({
      name: 'InvalidArgumentException',
      message: expect.stringMatching(
        /^Shard shardId-000000000001 in stream resharded under account \d+ has already/,
      ),
    });
    const merge = {
      StreamName: 'resharded',
      ShardToMerge: 'shardId-000000000000',
      AdjacentShardToMerge: 'shardId-000000000002',
    };
    await reshard(new MergeShardsCommand(merge));
    await expect(reshard(new MergeShardsCommand(merge))).rejects.toMatchObject({
      name: 'InvalidArgumentException',
    });
    const { Shards } = await all.clients.kinesis.send(new ListShardsCommand({ StreamName: 'resharded' }));
    expect(Shards).toHaveLength(5);
  });

  it('survive a client that goes away in the middle of a request', async () => {
    for (const endpoint of [all.endpoints.kinesis, all.endpoints.dynamodb, all.endpoints.s3]) {
      const socket = connect(Number(new URL(endpoint).port), '127.0.0.1');
      await new Promise<void>((resolve) => {
        socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf', () =>
          resolve(),
        );
      });
      socket.resetAndDestroy();
    }
    // Two round trips: the reset is seen before the second is answered.
    await all.clients.kinesis.send(new ListStreamsCommand({}));
    expect((await all.clients.kinesis.send(new ListStreamsCommand({}))).StreamNames).toContain('clicks');
  });

  it('give a gzip object back as it was put', async () => {
    const body = gzipSync('{"page":"/"}\n');
    await put('zipped/one.gz', body, { ContentEncoding: 'gzip', ContentType: 'application/octet-stream' });
    const got = await all.clients.s3.send(new GetObjectCommand({ Bucket: 'archive', Key: 'zipped/one.gz' }));
    expect(got.ContentEncoding).toBe('gzip');
    expect(got.ContentType).toBe('application/octet-stream');
    expect(Buffer.from(await got.Body!.transformToByteArray())).toEqual(body);
  });

  it('show an object whole or not at all when its upload breaks off', async () => {
    await put('broken/there', 'before');
    for (const key of ['broken/there', 'broken/new']) {
      const upload = request(`${all.endpoints.s3}/archive/${key}`, {
        method: 'PUT',
        headers: {
          authorization: 'AWS S3RVER:any',
          date: new Date().toUTCString(),
          'content-length': 100_000,
        },
      });
      upload.on('error', () => {});
      await new Promise<void>((resolve) => upload.write('x'.repeat(50_000), () => resolve()));
      // The half that was sent has arrived once a later request is answered.
      await put(`sent-after/${key}`, 'x');
      upload.destroy();
    }
    await put('sent-last', 'x');
    const listed = await all.clients.s3.send(
      new ListObjectsV2Command({ Bucket: 'archive', Prefix: 'broken/' }),
    );
    expect(listed.Contents?.map(({ Key, Size }) => [Key, Size])).toEqual([['broken/there', 6]]);
  });

  it('page through a listing in the order of the keys, objects and folders of like names included', async () => {
    const keys = ['p/a', 'p/a-b', 'p/a.b', 'p/a/1', 'p/a/2', 'p/b/c/d', 'p/é ü+/x', 'p/z'];
    await Promise.all(keys.map((key) => put(key, key)));
    const listed: (string | undefined)[] = [];
    let pages = 0;
    for await (const page of paginateListObjectsV2(
      { client: all.clients.s3, pageSize: 3 },
      { Bucket: 'archive', Prefix: 'p/' },
    )) {
      pages += 1;
      expect(page.KeyCount).toBe(page.Contents?.length);
      listed.push(...(page.Contents ?? []).map(({ Key }) => Key));
    }
    expect(listed).toEqual([...keys].sort());
    expect(pages).toBe(3);
  });

  it('list folders by delimiter, and what comes after a key', async () => {
    await Promise.all(['q/1', 'q/x/1', 'q/x/2', 'q/y/1', 'q/z'].map((key) => put(key, key)));
    const list = (rest: object) =>
      all.clients.s3.send(new ListObjectsV2Command({ Bucket: 'archive', Prefix: 'q/', ...rest }));
    const folders = await list({ Delimiter: '/' });
    expect(folders.CommonPrefixes).toEqual([{ Prefix: 'q/x/' }, { Prefix: 'q/y/' }]);
    expect(folders.Contents?.map(({ Key }) => Key)).toEqual(['q/1', 'q/z']);
    expect(folders.IsTruncated).toBe(false);
    const after = await list({ StartAfter: 'q/x/1' });
    expect(after.Contents?.map(({ Key }) => Key)).toEqual(['q/x/2', 'q/y/1', 'q/z']);
    expect(after.StartAfter).toBe('q/x/1');
  });

  it('refuse a port that is taken, and say what to do', async () => {
    const port = Number(new URL(all.endpoints.kinesis).port);
    await expect(startKinesis({ port, dataDir: join(folder, 'other') })).rejects.toThrow(
      `port ${port}, wanted for Kinesis, is taken: choose others with --port`,
    );
  });

  it('refuse a second process on the same data', async () => {
    await expect(runTypeScript(join(__dirname, 'emulators-process.ts'), dataDir)).rejects.toThrow(
      `another pipeline, or a command that reads it, is running on ${dataDir}`,
    );
  });
});

describe('after kill -9', () => {
  const dataDir = join(folder, 'killed');
  const processes: TestProcess[] = [];
  const start = async () => {
    const running = await runTypeScript(join(__dirname, 'emulators-process.ts'), dataDir);
    processes.push(running);
    return { running, clients: createClients(JSON.parse(running.firstLine), 'us-east-1') };
  };
  afterAll(() => Promise.all(processes.map((running) => running.kill())));

  it('everything acknowledged is there', async () => {
    const first = await start();
    await provision(deployment, first.clients);
    const records = Array.from({ length: 100 }, (_, index) => ({
      PartitionKey: 'v',
      Data: Buffer.from(`${index}`),
    }));
    await first.clients.kinesis.send(new PutRecordsCommand({ StreamName: 'clicks', Records: records }));
    const item = { pk: { S: 'page#1' }, sk: { S: 'minute#1' }, 'c:/': { N: '17' } };
    await first.clients.dynamodb.send(new PutItemCommand({ TableName: 'counters', Item: item }));
    await first.clients.s3.send(
      new PutObjectCommand({ Bucket: 'archive', Key: 'a/b.gz', Body: 'bytes', ContentEncoding: 'gzip' }),
    );
    await first.running.kill();
    first.clients.destroy();

    const { clients } = await start();
    await provision(deployment, clients);
    const reader = createKinesisStreamReader(clients.kinesis, 'clicks');
    const read = await Promise.all(
      (await reader.listShards()).map(async ({ shardId }) =>
        reader.read(await reader.getIterator(shardId, { type: 'TRIM_HORIZON' }), 10_000),
      ),
    );
    expect(read.flatMap((shard) => shard.records.map(({ data }) => Buffer.from(data).toString()))).toEqual(
      records.map(({ Data }) => Data.toString()),
    );
    const summary = await clients.kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 'clicks' }));
    expect(summary.StreamDescriptionSummary?.RetentionPeriodHours).toBe(48);
    const { pk, sk } = item;
    const found = await clients.dynamodb.send(new GetItemCommand({ TableName: 'counters', Key: { pk, sk } }));
    expect(found.Item).toEqual(item);
    const object = await clients.s3.send(new GetObjectCommand({ Bucket: 'archive', Key: 'a/b.gz' }));
    expect([await object.Body?.transformToString(), object.ContentEncoding]).toEqual(['bytes', 'gzip']);
    clients.destroy();
  });
});
