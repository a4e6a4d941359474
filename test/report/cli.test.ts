import { join, resolve } from 'node:path';
import { type CloudFormationServer, startCloudFormation } from '../cli/cloudformation-server';
import { type DynamoServer, startDynamoServer } from '../support/aggregates-table';
import { localPipeline, writeLocalPipeline } from '../support/local-pipeline-factory';
import { startCommand } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';
import { at, countedClicks } from './counted-clicks';

const folder = temporaryFolder('report-cli');
const cli = resolve(__dirname, '../../report/cli.ts');
const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
const run = (...args: string[]) => startCommand(cli, args, { cwd: folder, env }).finished;

/** The command goes by the machine's clock, so the events must not be older than their items' time to live. */
const now = Date.now();
const today = new Date(now).toISOString().slice(0, 10);
const yesterday = (time: string) => at(time).replace('2026-03-01', dayBefore(now));

function dayBefore(instant: number): string {
  return new Date(instant - 86_400_000).toISOString().slice(0, 10);
}

/** A data directory as a pipeline leaves it: two pages, three clicks. */
async function prepare(name: string): Promise<DynamoServer> {
  const dataDir = join(folder, name);
  const server = await startDynamoServer(dataDir);
  const tableName = `table-of-${name}`;
  const { count, compact } = await countedClicks(server.client, tableName, 'total');
  const click = (page: string, time: string) => ({ page, timestamp: yesterday(time) });
  await count([click('/a', '09:10:00'), click('/b', '09:20:00')], { arrivedAt: now });
  await compact();
  await count([click('/b', '10:30:00')], { arrivedAt: now });
  const endpoints = { ...localPipeline().endpoints, dynamodb: server.endpoint };
  writeLocalPipeline(dataDir, localPipeline({ endpoints, table: tableName }));
  return server;
}

const row = (value: string, time: string, count: number) => ({
  dimension: 'page',
  value,
  window: yesterday(time),
  count,
});

describe('report of the pipeline on this machine', () => {
  let running: DynamoServer;
  beforeAll(async () => {
    running = await prepare('running');
    const stopped = await prepare('stopped');
    await stopped.close();
  });
  afterAll(() => running.close());

  it.each(['running', 'stopped'])('reads the table while it is %s', async (name) => {
    const { code, stdout, stderr } = await run('--local', name, '--json');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual([
      row('/a', '09:00:00', 1),
      row('/b', '09:00:00', 1),
      row('/b', '10:00:00', 1),
    ]);
  });

  it('leaves the table as it was, so that it can be read again and again', async () => {
    const [first, second] = [await run('--local', 'stopped'), await run('--local', 'stopped')];

    expect(first.stdout).toContain('/a');
    expect(second).toEqual(first);
  });

  it('takes a range of minutes, without its end', async () => {
    const { stdout } = await run(
      ...['--local', 'running', '--window', 'minute', '--json'],
      ...['--from', yesterday('09:20:00'), '--to', yesterday('10:30:00')],
    );

    expect(JSON.parse(stdout)).toEqual([row('/b', '09:20:00', 1)]);
  });

  it('prints CSV', async () => {
    const { stdout } = await run('--local', 'running', '--csv', '--to', yesterday('10:00:00'));

    const hour = yesterday('09:00:00');
    expect(stdout).toBe(`dimension,value,window,count\r\npage,/a,${hour},1\r\npage,/b,${hour},1\r\n`);
  });

  it('says on standard error what reading cost', async () => {
    const { stderr } = await run('--local', 'running', '--top', '1', '--json', '--units');

    expect(stderr).toMatch(/^[\d.]+ read units? of DynamoDB\n$/);
  });

  it('shows the days of a time zone', async () => {
    const { stdout } = await run(
      ...['--local', 'running', '--dimension', 'total', '--window', 'day', '--json'],
      ...['--time-zone', 'Etc/GMT-14'],
    );

    expect(JSON.parse(stdout)).toMatchObject([
      { window: `${dayBefore(now)}T00:00:00+14:00`, count: 2 },
      { count: 1 },
    ]);
  });

  it('shows the latest hours and their pages without options', async () => {
    const { stdout } = await run('--local', 'running');

    expect(stdout).toMatch(/^The latest 2 hours: 3 clicks, 3 late, 0 invalid\n/);
    expect(stdout).toContain('/b               2');
  });

  it('leaves the window out of the top values', async () => {
    const { stdout } = await run('--local', 'running', '--top', '1', '--json');

    expect(JSON.parse(stdout)).toEqual([{ dimension: 'page', value: '/b', count: 2 }]);
  });

  it('prints a table for people', async () => {
    const { stdout } = await run('--local', 'running', '--top', '5');

    expect(stdout).toBe('page        count\n──────────  ─────\n/b              2\n/a              1\n');
  });

  it('estimates visitors, with the standard error', async () => {
    const { stdout } = await run('--local', 'running', '--unique', 'visitors', '--json');
    const estimate = (time: string) => ({
      ...{ unique: 'visitors', dimension: 'total', value: 'all', window: yesterday(time) },
      ...{ count: 1, standardError: 0.01623 },
    });
    expect(JSON.parse(stdout)).toEqual([estimate('09:00:00'), estimate('10:00:00')]);

    const merged = await run('--local', 'running', '--unique', 'visitors', '--top', '1');
    expect(merged.stdout).toBe(
      'total       visitors (±1.6 %)\n──────────  ─────────────────\nall                         1\n',
    );
  });

  it('says which setting it may be that no visitors are counted', async () => {
    const { stdout } = await run('--local', 'running', '--unique', 'visitors', '--dimension', 'page');
    expect(stdout).toContain('the setting uniqueVisitors');
  });

  it('says that nothing was counted in a range', async () => {
    expect(await run('--local', 'running', '--from', today, '--to', `${today}T00:01Z`)).toMatchObject({
      code: 0,
      stdout: 'nothing counted in this range\n',
    });
  });
});

describe('report of a deployed pipeline', () => {
  let dynamo: DynamoServer;
  let cloudFormation: CloudFormationServer;
  beforeAll(async () => {
    dynamo = await prepare('deployed');
    cloudFormation = await startCloudFormation({ Clicks: { TableName: 'table-of-deployed' } });
  });
  afterAll(async () => {
    await dynamo.close();
    await cloudFormation.close();
  });

  it("finds the table by the stack's output", async () => {
    const { endpoint } = cloudFormation.access;
    const finished = await startCommand(
      cli,
      ['--stack', 'Clicks', '--region', 'eu-north-1', '--dimension', 'total', '--top', '1', '--json'],
      {
        cwd: folder,
        env: {
          ...env,
          AWS_ENDPOINT_URL_CLOUDFORMATION: endpoint,
          AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
        },
      },
    ).finished;

    expect(finished).toEqual({
      code: 0,
      stdout: '[{"dimension":"total","value":"all","count":3}]\n',
      stderr: '',
    });
  });
});

describe('report', () => {
  it('shows its help', async () => {
    expect(await run('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Usage: npm run report/),
    });
  });

  it.each([
    [['--top', 'many'], 'report: --top is "many"; allowed: a whole number from 1\n'],
    [
      ['--local', 'nowhere'],
      'report: nowhere/endpoints.json is not there: no pipeline was started in this directory',
    ],
    [['--stack', 'Clicks'], 'report: no region is set. Pass --region'],
    [
      ['--stack', 'Clicks', '--region', 'eu-west-3', '--endpoint-url', 'http://127.0.0.1:9'],
      'report: cannot reach http://127.0.0.1:9',
    ],
  ])('exits with 2 and one sentence for %j', async (args, message) => {
    const { code, stdout, stderr } = await run(...args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
