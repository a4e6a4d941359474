import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import { archiveLine } from '../../domain/archive/archive-line';
import { retentionDaysOf } from '../../domain/counters/retention';
import type { ShardRecord } from '../../domain/event/shard-lines';
import { createKinesisStreamReader } from '../../local/adapters/kinesis-stream-reader';
import { createAppender } from '../../table/append';
import { createCompactor } from '../../table/compact';
import { dynamoCalls } from '../../table/dynamo-calls';
import { logTable } from '../../table/log-table';
import { type CloudFormationServer, startCloudFormation } from '../cli/cloudformation-server';
import { archivedShard } from '../recover/archived-shard';
import { errorLine, givenUp } from '../recover/failure-factory';
import { settings as benchSettings } from '../recover/log-bench';
import { type PipelineBench, recover, startPipelineBench } from '../recover/pipeline-bench';
import { clickJson } from '../support/click-factory';
import { neverAborted } from '../support/never-aborted';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('recover-deployed');
// With duplicates told apart, as in prod: a repair reads ids then.
const settings = { ...benchSettings, deduplicationSeconds: 300 };
const environment = process.env;
const shardId = 'shardId-000000000000';

let bench: PipelineBench;
let cloudFormation: CloudFormationServer;
let records: ShardRecord[];
let key: string;

/** The actions that IAM has to allow, as far as commands have needed them. */
const needed = new Set<string>();
let isRecovering = false;

/** What a call is to IAM, where it has another name. */
const actionsOf: Readonly<Record<string, readonly string[]>> = {
  's3:ListObjectsV2': ['s3:ListBucket'],
  's3:CopyObject': ['s3:GetObject', 's3:PutObject'],
};

function recordCalls(): void {
  const services = [
    [CloudFormationClient.prototype, 'cloudformation'],
    [DynamoDBClient.prototype, 'dynamodb'],
    [KinesisClient.prototype, 'kinesis'],
    [S3Client.prototype, 's3'],
  ] as const;
  for (const [prototype, service] of services) {
    const send = prototype.send as (this: unknown, ...args: unknown[]) => unknown;
    jest.spyOn(prototype as { send: typeof send }, 'send').mockImplementation(function (
      this: unknown,
      ...args
    ) {
      const call = `${service}:${(args[0] as object).constructor.name.replace(/Command$/, '')}`;
      if (isRecovering) for (const action of actionsOf[call] ?? [call]) needed.add(action);
      return send.apply(this, args);
    });
  }
}

/** Four records in the stream and in the archive, of which the table has all but the second, which was given up. */
beforeAll(async () => {
  bench = await startPipelineBench(join(folder, 'pipeline'));
  const { stream, table, buckets, endpoints } = bench.file;
  const now = new Date().toISOString();
  const lines = ['/a', '/b', '/c'].map((page) => clickJson({ page, timestamp: now }));
  for (const data of [...lines, 'no json']) await bench.putRecord(data);
  const reader = createKinesisStreamReader(bench.kinesis, stream);
  const iterator = await reader.getIterator(shardId, { type: 'TRIM_HORIZON' });
  records = [...(await reader.read(iterator, 10)).records];
  const archived = archivedShard(records, Date.now);
  await archived.archiveUpTo(records.length);
  for (const [name, { body }] of archived.archive.objects) await bench.putObject('archive', name, body);
  const counters = logTable(dynamoCalls(bench.dynamodb), table);
  const ports = { table: counters, now: Date.now, newToken: () => 'token-7' };
  for (const part of [records.slice(0, 1), records.slice(2)]) {
    const appender = createAppender(ports, { ...settings, uniques: [] });
    await appender.append(`${stream}/${shardId}`, part, neverAborted());
  }
  const object = givenUp(`${stream}/${shardId}`, records.slice(1, 2), { now: Date.now() });
  key = object.key;
  await bench.putObject('onFailure', key, object.body);

  cloudFormation = await startCloudFormation({
    'clicks-prod-stream': { StreamName: stream },
    'clicks-prod-aggregation': {
      TableName: table,
      OnFailureBucketName: buckets.onFailure ?? '',
      AggregatorSettings: JSON.stringify(settings).replaceAll('"', '&quot;'),
    },
    'clicks-prod-archive': { ArchiveBucketName: buckets.archive, DeliveryStreamName: 'delivery-9' },
  });
  process.env = {
    ...environment,
    AWS_REGION: 'eu-north-1',
    AWS_ACCESS_KEY_ID: 'S3RVER',
    AWS_SECRET_ACCESS_KEY: 'S3RVER',
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.access.endpoint,
    AWS_ENDPOINT_URL_KINESIS: endpoints.kinesis,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
  };
  recordCalls();
}, 60_000);
afterAll(async () => {
  jest.restoreAllMocks();
  process.env = environment;
  await cloudFormation.close();
  await bench.stop();
});

/** Folds what is pending into the items, as the schedule does. */
async function compact(): Promise<void> {
  const table = logTable(dynamoCalls(bench.dynamodb), bench.file.table);
  const compactor = createCompactor(
    { table, now: Date.now },
    { ...settings, retentionDays: retentionDaysOf(settings), compactionSeconds: 0 },
  );
  for (const entry of await table.entries()) await compactor.compact(entry, true, neverAborted());
}

const range = () => {
  // Into a day to come, at whatever minute it runs.
  const [from, to] = [-1, 1].map((days) =>
    new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10),
  );
  return ['--from', `${from}T00:00Z`, '--to', `${to}T00:00Z`];
};
const onStacks = async (...args: string[]) => {
  isRecovering = true;
  const ended = await recover(...args, '--stack', 'clicks-prod');
  isRecovering = false;
  return ended;
};
const jsonOf = async (...args: string[]) => {
  const { stdout, stderr } = await onStacks(...args, '--json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
};

describe('recover of a deployed pipeline, over the wire', () => {
  it('finds what was given up, repairs it, and finds nothing, compacted or not', async () => {
    expect(await jsonOf('verify', ...range())).toMatchObject({
      exact: false,
      counters: { differences: 0, givenUp: 1 },
    });
    expect(await jsonOf('repair', key, '--dry-run')).toMatchObject({
      repairs: [{ outcome: 'would be repaired', counted: 1 }],
    });
    await compact();

    expect(await jsonOf('repair', '--all')).toMatchObject({ repairs: [{ key, outcome: 'repaired' }] });
    expect(await onStacks('verify', ...range())).toMatchObject({ code: 0, stderr: '' });
    await compact();
    expect(await onStacks('verify', ...range())).toMatchObject({ code: 0, stderr: '' });
    expect(await jsonOf('list', '--all')).toMatchObject({
      givenUp: [{ key: `repaired/${key}`, isRepaired: true }],
      rejected: [{ lines: 1, reasons: { not_json: 1 } }],
    });
    expect(await jsonOf('repair', '--all', '--again')).toMatchObject({
      repairs: [{ key, outcome: 'repaired before' }],
    });
  }, 180_000);

  it('corrects what is counted otherwise than the archive has it', async () => {
    const table = logTable(dynamoCalls(bench.dynamodb), bench.file.table);
    const items = [];
    for await (const item of table.itemsIn({ pk: 'summary#0', from: 'hour#', to: 'hour$' })) items.push(item);
    const { key: itemKey, item } = items[0]!;
    item.content.counts.get('type')!.values.set('page_view', 9);
    await table.putItem(itemKey, item, item.seq);
    // As long after the last append: a rebuild has to make the entry active again.
    await table.renewEntry(`${bench.file.stream}/${shardId}`, 0);

    expect(await onStacks('verify', ...range())).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(': 9 counted, '),
    });
    expect(await onStacks('rebuild', ...range())).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 value of windows corrected in 1 delta, 0 left\n'),
    });
    expect(await onStacks('verify', ...range())).toMatchObject({ code: 0 });
  }, 180_000);

  it('shows, backfills and sends again', async () => {
    const place = { shardId, sequenceNumber: '77', subSequenceNumber: 0, arrivedAt: Date.now() };
    const bytes = Buffer.from(clickJson({ eventId: 'again' }));
    const rejected = 'events/year=2026/month=03/day=01/hour=10/rejected-1';
    await bench.putObject('archive', rejected, archiveLine({ ok: false, reason: 'too_deep', bytes }, place));
    const [first] = records;
    const failed = errorLine({ data: Buffer.from(first!.data), arrivedAt: first!.arrivedAt });
    const [day, time = ''] = new Date(first!.arrivedAt).toISOString().split('T');
    const [year, month, date] = day!.split('-');
    const errors = `errors/processing-failed/year=${year}/month=${month}/day=${date}/hour=${time.slice(0, 2)}/e-1`;
    await bench.putObject('archive', errors, failed);

    expect((await onStacks('show', rejected)).stdout).toContain('rejected: too_deep');
    await bench.putRecord(clickJson({ eventId: 'without a delivery stream' }));
    const delivered = ['--archived-before', new Date(Date.now() + 1_000).toISOString()];
    const fill = () => jsonOf('backfill', ...range(), ...delivered);

    expect(await fill()).toMatchObject({ lines: 1, objects: 1, settled: [errors], notYet: 0 });
    expect(await fill()).toMatchObject({ lines: 0, objects: 0, settled: [], notYet: 0 });
    expect(await jsonOf('resubmit', rejected)).toMatchObject({ sent: 1, inDoubt: [] });
    // Nobody has counted it yet.
    expect(await onStacks('verify', ...range())).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('not yet counted: records of 1 shard, the first of which arrived '),
    });
  }, 60_000);

  it('needs what docs/recover-policy.json allows, and nothing else', () => {
    const policy = JSON.parse(readFileSync(join(__dirname, '../../docs/recover-policy.json'), 'utf8')) as {
      readonly Statement: readonly { readonly Sid: string; readonly Action: string | readonly string[] }[];
    };
    const allowed = policy.Statement.filter(({ Sid }) => Sid !== 'OnlyWithACustomerKey').flatMap(
      ({ Action }) => Action,
    );
    expect([...needed].sort()).toEqual([...allowed].sort());
  });
});
