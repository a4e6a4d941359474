import { join } from 'node:path';
import type { ShardRecord } from '../../domain/event/shard-lines';
import { createKinesisStreamReader } from '../../local/adapters/kinesis-stream-reader';
import { createAppender } from '../../table/append';
import { createCompactor } from '../../table/compact';
import { dynamoCalls } from '../../table/dynamo-calls';
import { logTable } from '../../table/log-table';
import { type CloudFormationServer, startCloudFormation } from '../cli/cloudformation-server';
import { clickJson } from '../support/click-factory';
import { neverAborted } from '../support/never-aborted';
import { temporaryFolder } from '../support/temporary-folder';
import { archivedShard } from './archived-shard';
import { givenUp } from './failure-factory';
import { settings } from './log-bench';
import { type PipelineBench, recover, startPipelineBench } from './pipeline-bench';

const folder = temporaryFolder('recover-deployed');
const environment = process.env;
const shardId = 'shardId-000000000000';

let bench: PipelineBench;
let cloudFormation: CloudFormationServer;
let records: ShardRecord[];
let key: string;

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
}, 60_000);
afterAll(async () => {
  process.env = environment;
  await cloudFormation.close();
  await bench.stop();
});

/** Folds what is pending into the items, as the schedule does. */
async function compact(): Promise<void> {
  const table = logTable(dynamoCalls(bench.dynamodb), bench.file.table);
  const retentionDays = { minute: 7, hour: 30, day: 400 };
  const compactor = createCompactor(
    { table, now: Date.now },
    { ...settings, retentionDays, compactionSeconds: 0 },
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
const onStacks = (...args: string[]) => recover(...args, '--stack', 'clicks-prod');
const jsonOf = async (...args: string[]) => JSON.parse((await onStacks(...args, '--json')).stdout);

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

    expect(await onStacks('verify', ...range())).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(': 9 counted, '),
    });
    expect(await onStacks('rebuild', ...range())).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 values of windows corrected in 1 deltas, 0 left\n'),
    });
    expect(await onStacks('verify', ...range())).toMatchObject({ code: 0 });
  }, 180_000);
});
