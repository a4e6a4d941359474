import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTableCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DescribeStreamSummaryCommand, SplitShardCommand } from '@aws-sdk/client-kinesis';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { createKinesisStreamReader } from '../../local/adapters/kinesis-stream-reader';
import type { Deployment } from '../../local/deployment';
import { provision } from '../../local/provision';
import { type AllEmulators, startAll } from '../emulators/start-all';

interface Wanted extends Pick<Deployment, 'stream' | 'table' | 'buckets'> {}

/** One stream and one table of a deployment. */
const create = ({ stream, table, buckets }: Wanted, clients: AllEmulators['clients']) =>
  provision({ streams: [stream], tables: [table], buckets }, clients);

describe('provisioning', () => {
  const folder = mkdtempSync(join(tmpdir(), 'provision-'));
  let all: AllEmulators;
  beforeAll(async () => {
    all = await startAll(folder);
  });
  afterAll(async () => {
    await all.close();
    rmSync(folder, { recursive: true, force: true });
  });

  let names = 0;
  const fresh = (): Wanted => {
    names += 1;
    return {
      stream: { name: `clicks-${names}`, arn: '', mode: 'PROVISIONED', shardCount: 3, retentionHours: 24 },
      table: { name: `counters-${names}`, arn: '', partitionKey: 'dimension', sortKey: 'window' },
      buckets: ['archive', 'failures'].map((name) => ({
        logicalId: name,
        name: `${name}-${names}`,
        arn: '',
      })),
    };
  };
  const retentionOf = async ({ stream }: Wanted) => {
    const answer = await all.clients.kinesis.send(
      new DescribeStreamSummaryCommand({ StreamName: stream.name }),
    );
    return answer.StreamDescriptionSummary?.RetentionPeriodHours;
  };

  it('creates what is missing, ready for use', async () => {
    const wanted = fresh();
    await create(wanted, all.clients);
    const shards = await createKinesisStreamReader(all.clients.kinesis, wanted.stream.name).listShards();
    expect(shards).toHaveLength(3);
    const { Table } = await all.clients.dynamodb.send(
      new DescribeTableCommand({ TableName: wanted.table.name }),
    );
    expect(Table?.TableStatus).toBe('ACTIVE');
    expect(Table?.KeySchema).toEqual([
      { AttributeName: 'dimension', KeyType: 'HASH' },
      { AttributeName: 'window', KeyType: 'RANGE' },
    ]);
    const { Buckets } = await all.clients.s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual(
      expect.arrayContaining(wanted.buckets.map(({ name }) => name)),
    );
  });

  it('leaves what exists alone', async () => {
    const wanted = fresh();
    await create(wanted, all.clients);
    const item = { dimension: { S: 'page' }, window: { S: 'minute' } };
    await all.clients.dynamodb.send(new PutItemCommand({ TableName: wanted.table.name, Item: item }));
    await create(wanted, all.clients);
    const { Items } = await all.clients.dynamodb.send(new ScanCommand({ TableName: wanted.table.name }));
    expect(Items).toEqual([item]);
  });

  it('gives the stream the retention that the templates ask for, longer or shorter than before', async () => {
    const wanted = fresh();
    await create({ ...wanted, stream: { ...wanted.stream, retentionHours: 72 } }, all.clients);
    expect(await retentionOf(wanted)).toBe(72);
    await create({ ...wanted, stream: { ...wanted.stream, retentionHours: 36 } }, all.clients);
    expect(await retentionOf(wanted)).toBe(36);
  });

  it('goes on with a stream whose shards were split meanwhile', async () => {
    const wanted = fresh();
    await create(wanted, all.clients);
    await all.clients.kinesis.send(
      new SplitShardCommand({
        StreamName: wanted.stream.name,
        ShardToSplit: 'shardId-000000000000',
        NewStartingHashKey: '1000',
      }),
    );
    await create(wanted, all.clients);
    const shards = await createKinesisStreamReader(all.clients.kinesis, wanted.stream.name).listShards();
    expect(shards).toHaveLength(5);
  });

  it('creates several streams and tables, one of them without a sort key', async () => {
    const [one, two] = [fresh(), fresh()];
    const { sortKey, ...withoutSortKey } = two.table;
    await provision(
      { streams: [one.stream, two.stream], tables: [one.table, withoutSortKey], buckets: [] },
      all.clients,
    );

    expect([await retentionOf(one), await retentionOf(two)]).toEqual([24, 24]);
    const keyOf = async (TableName: string) =>
      (await all.clients.dynamodb.send(new DescribeTableCommand({ TableName }))).Table?.KeySchema;
    expect(await keyOf(one.table.name)).toHaveLength(2);
    expect(await keyOf(two.table.name)).toEqual([{ AttributeName: 'dimension', KeyType: 'HASH' }]);
  });

  it('refuses a stream that was created with another number of shards', async () => {
    const wanted = fresh();
    await create(wanted, all.clients);
    const wider = { ...wanted, stream: { ...wanted.stream, shardCount: 8 } };
    await expect(create(wider, all.clients)).rejects.toThrow(
      `stream ${wanted.stream.name} was created with 3 shards, and the templates ask for 8: start anew with --fresh`,
    );
  });

  it('refuses a table that was created with another key', async () => {
    const wanted = fresh();
    await create(wanted, all.clients);
    const other = { ...wanted, table: { ...wanted.table, sortKey: 'minute' } };
    await expect(create(other, all.clients)).rejects.toThrow(
      `table ${wanted.table.name} was created with the key (dimension, window), ` +
        'and the templates ask for (dimension, minute): start anew with --fresh',
    );
  });
});
