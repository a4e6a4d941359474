import { join } from 'node:path';
import type { ShardRecord } from '../../domain/fold';
import { aggregate } from '../../lambda/aggregator/aggregate';
import { dynamoCountersTable } from '../../lambda/aggregator/counters-table';
import { dynamoCalls } from '../../lambda/aggregator/dynamo-calls';
import { createKinesisStreamReader } from '../../local/adapters/kinesis-stream-reader';
import { type CloudFormationServer, startCloudFormation } from '../cli/cloudformation-server';
import { clickJson } from '../support/click-factory';
import { neverAborted } from '../support/never-aborted';
import { temporaryFolder } from '../support/temporary-folder';
import { archivedShard } from './archived-shard';
import { givenUp } from './failure-factory';
import { type PipelineBench, recover, startPipelineBench } from './pipeline-bench';
import { settings } from './repair-bench';

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
  const counters = dynamoCountersTable(dynamoCalls(bench.dynamodb), table, { minute: 7, hour: 30 });
  for (const part of [records.slice(0, 1), records.slice(2)]) {
    await aggregate({ shard: `${stream}/${shardId}`, records: part }, counters, neverAborted());
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

const range = () => {
  // Into hours to come, at whatever minute it runs.
  const [from, to] = [-1, 3].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString());
  return ['--from', from!, '--to', to!];
};
const onStacks = (...args: string[]) => recover(...args, '--stack', 'clicks-prod');

describe('recover of a deployed pipeline, over the wire', () => {
  it('finds the difference, repairs the batch without being told how far the archive is, and finds none', async () => {
    const wrong = await onStacks('verify', ...range(), '--json');
    const { exact, counters } = JSON.parse(wrong.stdout);
    expect({ exact, first: counters.firstDifferences[0] }).toMatchObject({
      exact: false,
      first: { dimension: 'page', value: '/b', window: 'minute', counted: 0, archived: 1 },
    });
    const tried = await onStacks('repair', key, '--dry-run', '--json');
    expect(JSON.parse(tried.stdout)).toMatchObject({ repairs: [{ outcome: 'would be repaired' }] });

    const repaired = await onStacks('repair', '--all', '--json');
    expect(JSON.parse(repaired.stdout)).toMatchObject({ repairs: [{ key, outcome: 'repaired' }] });
    expect(await onStacks('verify', ...range())).toMatchObject({ code: 0, stderr: '' });
    const list = await onStacks('list', '--all', '--json');
    expect(JSON.parse(list.stdout)).toMatchObject({
      givenUp: [{ key: `repaired/${key}`, isRepaired: true }],
      rejected: [{ records: 1 }],
    });
  }, 180_000);
});
