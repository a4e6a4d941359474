import { join, resolve } from 'node:path';
import type { Series } from '../../query/answers';
import { type CloudFormationServer, startCloudFormation } from '../cli/cloudformation-server';
import { startHttp, type TestServer } from '../producer/kinesis-server';
import { countedClicks } from '../report/counted-clicks';
import { startDynamoServer } from '../support/aggregates-table';
import { localPipeline, writeLocalPipeline } from '../support/local-pipeline-factory';
import { type RunningCommand, startCommand } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('dashboard-cli');
const cli = resolve(__dirname, '../../dashboard/cli.ts');
const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'eu-north-1' };
const start = (args: readonly string[], more: Readonly<Record<string, string>> = {}): RunningCommand =>
  startCommand(cli, args, { cwd: folder, env: { ...env, ...more } });

/** The address that it prints. */
async function addressOf({ child, printed }: RunningCommand, pipeline: string): Promise<string> {
  let text = '';
  child.stdout!.on('data', (chunk: string) => {
    text += chunk;
  });
  await printed('Ctrl-C');
  return new RegExp(`^Dashboard of ${pipeline}: (http://127.0.0.1:\\d+)\n`).exec(text)![1]!;
}

const ask = async (address: string, path: string) => {
  const response = await fetch(address + path);
  return { status: response.status, body: await response.text() };
};

/** What is answered may be a second old. */
async function eventually(check: () => Promise<void>): Promise<void> {
  const end = Date.now() + 10_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

it('serves what a stopped pipeline has left, and ends when it is asked to', async () => {
  const dataDir = join(folder, 'stopped');
  const server = await startDynamoServer(dataDir);
  const now = Date.now();
  const { count } = await countedClicks(server.client, 'clickstream-dev-aggregation-Table1', 'total');
  const timestamp = new Date(now).toISOString();
  await count([{ timestamp }, { timestamp, page: '/b' }], { arrivedAt: now });
  await server.close();
  writeLocalPipeline(dataDir, localPipeline({ table: 'clickstream-dev-aggregation-Table1' }));

  const running = start(['--local', dataDir, '--port', '0']);
  const address = await addressOf(running, 'clickstream-dev');
  const series = JSON.parse((await ask(address, '/api/series')).body) as Series;
  expect(series.sum).toBe(2);
  expect((await ask(address, '/')).body).toContain('<!doctype html>');
  running.child.kill('SIGINT');
  expect(await running.finished).toMatchObject({ code: 0, stderr: '' });
}, 30_000);

it('lets others have the files while nobody asks, and follows the pipeline that begins on them, and its end', async () => {
  const dataDir = join(folder, 'lent');
  const table = 'clickstream-dev-aggregation-Table2';
  const now = Date.now();
  const timestamp = new Date(now).toISOString();
  const first = await startDynamoServer(dataDir);
  const counted = await countedClicks(first.client, table, 'total');
  await counted.count([{ timestamp }], { arrivedAt: now });
  await first.close();
  writeLocalPipeline(dataDir, localPipeline({ table }));
  const running = start(['--local', dataDir, '--port', '0']);
  const address = await addressOf(running, 'clickstream-dev');
  const clicks = async () => JSON.parse((await ask(address, '/api/series')).body);
  expect(await clicks()).toMatchObject({ sum: 1 });

  // It would fail if the dashboard kept them.
  const second = await startDynamoServer(dataDir);
  const { endpoints } = localPipeline();
  writeLocalPipeline(
    dataDir,
    localPipeline({ table, endpoints: { ...endpoints, dynamodb: second.endpoint } }),
  );
  expect(await clicks()).toMatchObject({ sum: 1 });
  const { count } = await countedClicks(second.client, table, 'total');
  const shard = 'clicks/shardId-000000000001';
  await count([{ timestamp }, { timestamp }], { arrivedAt: now + 1, shard });
  await eventually(async () => expect(await clicks()).toMatchObject({ sum: 3 }));
  await second.close();
  await eventually(async () => expect(await clicks()).toMatchObject({ sum: 3 }));
  running.child.kill('SIGINT');
  expect(await running.finished).toMatchObject({ code: 0, stderr: '' });
}, 30_000);

describe('beside a deployed pipeline', () => {
  let cloudFormation: CloudFormationServer;
  let dynamoDb: TestServer;
  let failure = { status: 400, body: '' };
  beforeAll(async () => {
    const { aggregation } = localPipeline();
    cloudFormation = await startCloudFormation({
      'clickstream-prod-aggregation': {
        TableName: 'table-1',
        AggregatorSettings: JSON.stringify(aggregation),
      },
    });
    dynamoDb = await startHttp('application/x-amz-json-1.0', () => failure);
  });
  afterAll(async () => {
    await cloudFormation.close();
    await dynamoDb.close();
  });

  it('finds the table by the name of the pipeline, and says so when credentials have expired', async () => {
    const running = start(['--stack', 'clickstream-prod', '--port', '0'], {
      AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.access.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.access.endpoint,
    });
    const address = await addressOf(running, 'clickstream-prod');
    expect(JSON.parse((await ask(address, '/api/about')).body)).toMatchObject({
      pipeline: 'clickstream-prod',
      retentionDays: { minute: 6, hour: 8, day: 10 },
    });
    failure = {
      status: 400,
      body: '{"__type":"com.amazon.coral.service#ExpiredTokenException","message":"old"}',
    };
    const expired = await ask(address, '/api/series');
    expect([expired.status, JSON.parse(expired.body).error]).toEqual([
      503,
      expect.stringContaining('the AWS credentials have expired. Renew them'),
    ]);
    // As if they were renewed: it goes on.
    failure = { status: 200, body: '{"Items":[],"Count":0}' };
    expect((await ask(address, '/api/series')).status).toBe(200);
    running.child.kill('SIGTERM');
    expect((await running.finished).code).toBe(0);
  }, 30_000);

  it.each([
    [
      ['--stack', 'none'],
      'dashboard: stack none-aggregation: ValidationError: Stack with id none-aggregation does not',
    ],
    [['--port', 'x'], 'dashboard: --port is "x"; allowed: 0 to 65535'],
    [['--local', 'nowhere'], 'dashboard: nowhere/endpoints.json is not there'],
    [['--profile', 'p'], 'dashboard: --profile is for --stack, which is missing'],
  ])(
    'says what is wrong with %j',
    async (args, message) => {
      const { code, stderr } = await start(args, {
        AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.access.endpoint,
      }).finished;
      expect([code, stderr.slice(0, message.length)]).toEqual([2, message]);
    },
    30_000,
  );
});
