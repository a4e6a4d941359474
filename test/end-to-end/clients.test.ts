import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  PutRecordCommand as FirehosePut,
} from '@aws-sdk/client-firehose';
import { DescribeStreamSummaryCommand, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Command } from '../../chaos/child';
import { type LocalPipeline, readLocalPipeline } from '../../cli/local-pipeline';
import { createKinesisClient } from '../../producer/client/kinesis-client';
import { clickJson } from '../support/click-factory';
import { runCommand, runReport, runToExit } from './local-pipeline';

const folder = mkdtempSync(join(tmpdir(), 'clients-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('While the pipeline runs', () => {
  let running: Command;
  let where: LocalPipeline;
  beforeAll(async () => {
    running = runCommand(
      'local',
      '--data-dir',
      folder,
      '--port',
      '0',
      '--no-producer',
      '-c',
      'batchingWindowSeconds=0',
    );
    await running.says('Ctrl-C delivers');
    where = await readLocalPipeline(folder);
  }, 60_000);
  afterAll(async () => {
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(0);
  }, 60_000);

  const clientOf = <T>(Client: new (config: object) => T, endpoint: string): T =>
    new Client({ region: where.region, credentials: where.credentials, endpoint });

  it('an SDK client puts a click into the stream, and the report counts it', async () => {
    const { region, credentials, endpoints, stream } = where;
    const client = createKinesisClient({ region, credentials, endpoint: endpoints.kinesis });
    const { StreamDescriptionSummary } = await client.send(
      new DescribeStreamSummaryCommand({ StreamName: stream }),
    );
    expect(StreamDescriptionSummary).toMatchObject({ StreamStatus: 'ACTIVE', OpenShardCount: 1 });
    const timestamp = new Date().toISOString();
    const put = {
      StreamName: stream,
      PartitionKey: 'v',
      Data: Buffer.from(clickJson({ page: '/by-sdk', timestamp })),
    };
    await client.send(new PutRecordCommand(put));
    client.destroy();

    let rows: unknown[] = [];
    while (rows.length === 0) rows = await runReport('--local', folder, '--dimension', 'page', '--top', '3');
    expect(rows).toEqual([{ dimension: 'page', value: '/by-sdk', count: 1 }]);
  }, 30_000);

  it('a record of a mebibyte of bad lines does not hold up what comes behind it', async () => {
    const { region, credentials, endpoints, stream } = where;
    const client = createKinesisClient({ region, credentials, endpoint: endpoints.kinesis });
    const put = (data: string) =>
      client.send(new PutRecordCommand({ StreamName: stream, PartitionKey: 'v', Data: Buffer.from(data) }));
    await put('x\n'.repeat(524_000));
    await put(clickJson({ page: '/behind', timestamp: new Date().toISOString() }));
    client.destroy();

    const bad = { dimension: 'invalid', value: 'not_json', count: 524_000 };
    let rows: unknown[] = [];
    while (rows.length < 2) rows = await runReport('--local', folder, '--dimension', 'page', '--top', '3');
    expect(rows).toContainEqual({ dimension: 'page', value: '/behind', count: 1 });
    expect(await runReport('--local', folder, '--dimension', 'invalid', '--top', '3')).toEqual([bad]);
  }, 60_000);

  it('an SDK client reads the table', async () => {
    const client = clientOf(DynamoDBClient, where.endpoints.dynamodb);
    const { Items } = await client.send(
      new QueryCommand({
        TableName: where.table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: 'shards' } },
      }),
    );
    expect(Items).toMatchObject([{ sk: { S: `${where.stream}/shardId-000000000000` } }]);
    client.destroy();
  });

  it('an SDK client lists the archive bucket', async () => {
    const client = clientOf(S3Client, where.endpoints.s3);
    expect(await client.send(new ListObjectsV2Command({ Bucket: where.buckets.archive }))).toMatchObject({
      KeyCount: 0,
    });
    client.destroy();
  });

  it('an SDK client describes the delivery stream, and is refused to put into it', async () => {
    const client = clientOf(FirehoseClient, where.endpoints.firehose);
    const name = { DeliveryStreamName: where.deliveryStream };
    const { DeliveryStreamDescription } = await client.send(new DescribeDeliveryStreamCommand(name));
    expect(DeliveryStreamDescription).toMatchObject({
      DeliveryStreamStatus: 'ACTIVE',
      DeliveryStreamType: 'KinesisStreamAsSource',
    });
    const refused = client.send(new FirehosePut({ ...name, Record: { Data: Buffer.from('x') } }));
    await expect(refused).rejects.toThrow('KinesisStreamAsSource');
    client.destroy();
  });

  it('nobody but its user can look into what it keeps', () => {
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) =>
      join(folder, path),
    );
    // The stores, the counters' log, and what the app has synthesized in a process of its own.
    for (const part of ['kinesis', 'dynamodb', 's3', 'checkpoints', 'cdk.out', 'aws-env.sh']) {
      expect(paths.some((path) => path.startsWith(join(folder, part)))).toBe(true);
    }
    const open = [folder, ...paths].filter((path) => (statSync(path).mode & 0o077) !== 0);
    // CDK sets the modes of a bundle itself: what Lambda runs can be read by everybody there.
    expect(open.filter((path) => !path.includes('/cdk.out/asset.'))).toEqual([]);
  });

  it('a second pipeline on the same directory is refused', async () => {
    const { code, stderr } = await runCommand('local', '--data-dir', folder, '--port', '0', '--fresh').ended;
    expect(stderr).toContain(`another pipeline, or a command that reads it, is running on ${folder}`);
    expect(code).toBe(1);
  }, 30_000);

  it('a port that is taken is refused by its number', async () => {
    const port = new URL(where.endpoints.kinesis).port;
    const other = join(folder, '..', `other-${process.pid}`);
    const { code, stderr } = await runCommand('local', '--data-dir', other, '--port', port).ended;
    rmSync(other, { recursive: true, force: true });
    expect(stderr).toContain(port);
    expect(stderr).toContain('--port');
    expect(code).toBe(1);
  }, 30_000);
});

describe('Hostile input', () => {
  it('is counted by reason, kept raw, and stops nothing', async () => {
    const timestamp = '2026-01-31T09:30:00Z';
    const bad = [
      { eventId: 'no page', type: 'click', timestamp, visitorId: 'v' },
      { eventId: 5, type: 'click', timestamp, visitorId: 'v', page: '/' },
      { eventId: 'x', type: 'click', timestamp: 'yesterday', visitorId: 'v', page: '/' },
      { eventId: 'x', type: 'click', timestamp: '2999-01-01T00:00:00Z', visitorId: 'v', page: '/' },
      { eventId: 'x', type: 'click', timestamp, visitorId: 'v', page: '/', shardId: 'mine' },
      { eventId: 'x', type: 'click', timestamp, visitorId: 'v', page: '/', pad: 'p'.repeat(300_000) },
    ].map((event) => JSON.stringify(event));
    const lines = [
      ...bad,
      '{"eventId":"x","eventId":"y","type":"click","timestamp":"2026-01-31T09:30:00Z","visitorId":"v","page":"/"}',
      '{"__proto__":{"page":"/"},"eventId":"x"}',
      `{"deep":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
      'not JSON, so the producer does not send it',
      ...['seq', 'pk', 'expiresAt', '__proto__', '(other)'].map((page) => clickJson({ page, timestamp })),
    ];
    const input = join(folder, 'hostile.ndjson');
    writeFileSync(input, `${lines.join('\n')}\n`);
    const { code, result } = await runToExit(join(folder, 'hostile'), '--input', input, '--format', 'ndjson');
    expect(result).toMatchObject({
      accepted: 14,
      aggregated: { valid: 5, invalid: 9 },
      archived: { distinct: 14, rejected: 9 },
      failed: 0,
      onFailure: 0,
      exact: true,
    });
    expect(code).toBe(0);
    const reasons = await runReport<{ value: string; count: number }>(
      '--local',
      join(folder, 'hostile'),
      '--dimension',
      'invalid',
      '--top',
      '20',
    );
    expect(Object.fromEntries(reasons.map(({ value, count }) => [value, count]))).toEqual({
      'missing_field:page': 1,
      'mistyped_field:eventId': 1,
      bad_timestamp: 1,
      future: 1,
      reserved_field: 1,
      too_large: 1,
      duplicate_key: 1,
      forbidden_key: 1,
      too_deep: 1,
    });
  }, 60_000);
});
