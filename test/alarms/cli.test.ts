import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { startHttp, type TestServer } from '../producer/kinesis-server';
import { alarmStatus } from '../support/alarm-factory';
import { localPipeline, writeLocalPipeline } from '../support/local-pipeline-factory';
import { startCommand } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('alarms-cli');
const cli = resolve(__dirname, '../../alarms/cli.ts');
const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
const run = (...args: string[]) => startCommand(cli, args, { cwd: folder, env }).finished;

const firing = alarmStatus({
  name: 'p-stream-Late',
  description: 'Clicks are late.',
  value: 12_345.678,
  threshold: 60,
});
const { value: _, ...withoutValue } = alarmStatus({ name: 'p-archive-Full', state: 'OK', threshold: 0 });
const unknown = { ...withoutValue, name: 'p-stream-Age', state: 'INSUFFICIENT_DATA' as const };

describe('alarms of the pipeline on this machine', () => {
  let server: Server;
  /** A data directory on which a pipeline runs, with these states. */
  const directory = (name: string, content: string): string => {
    const path = join(folder, name);
    const kinesis = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    writeLocalPipeline(path, localPipeline({ endpoints: { ...localPipeline().endpoints, kinesis } }));
    writeFileSync(join(path, 'alarms.json'), content);
    return path;
  };
  const file = (...alarms: readonly object[]) => JSON.stringify({ evaluatedAt: 'x', alarms });
  beforeAll(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
  });
  afterAll(() => void server.close());

  it('say what fires, since when, at what value, and where to read on; exit code 1', async () => {
    const { code, stdout, stderr } = await run(
      '--local',
      directory('firing', file(withoutValue, firing, unknown)),
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      'ALARM    p-stream-Late   since 2026-03-01T10:02:03Z  12,345.678 (threshold 60)',
      '         Clicks are late.',
      '         docs/operations.md#the-aggregator-fails',
      'no data  p-stream-Age    since 2026-03-01T10:02:03Z  no value (threshold 0)',
      'OK       p-archive-Full  since 2026-03-01T10:02:03Z  no value (threshold 0)',
      '3 alarms, 1 in ALARM',
      '',
    ]);
  });

  it('are quiet with exit code 0', async () => {
    const { code, stdout } = await run('--local', directory('quiet', file(withoutValue, unknown)));
    expect(stdout).toContain('2 alarms, nothing in ALARM\n');
    expect(code).toBe(0);
  });

  it('are JSON for machines', async () => {
    const { code, stdout } = await run('--json', '--local', directory('json', file(firing, withoutValue)));
    expect(JSON.parse(stdout)).toEqual([firing, withoutValue]);
    expect(code).toBe(1);
  });

  it('are not known while no pipeline runs; exit code 2', async () => {
    const stopped = join(folder, 'stopped');
    writeLocalPipeline(stopped, localPipeline());
    writeFileSync(join(stopped, 'alarms.json'), file(firing));
    const { code, stdout, stderr } = await run('--local', stopped);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('no pipeline runs on ');
  });

  it.each([
    ['an option that is none', ['--colour'], '--colour is no option here'],
    ['a directory without a pipeline', ['--local', 'nowhere'], 'no pipeline was started in this directory'],
    ['--region without --stack', ['--region', 'eu-west-1'], '--region is for --stack'],
  ])('exit code 2 for %s', async (_what, args, message) => {
    mkdirSync(join(folder, 'nowhere'), { recursive: true });
    const { code, stderr } = await run(...args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it('exit code 2 for a file that is none', async () => {
    const { code, stderr } = await run('--local', directory('broken', '{"alarms": 7}'));
    expect(stderr).toContain('holds no states of alarms');
    expect(code).toBe(2);
  });
});

describe('alarms of a deployed pipeline', () => {
  const deployed = (AlarmName: string, StateValue: string) => ({
    AlarmName,
    StateValue,
    AlarmDescription: `${AlarmName} means that. Runbook: docs/operations.md#${AlarmName.toLowerCase()}`,
    StateTransitionedTimestamp: 1_772_359_323,
    StateUpdatedTimestamp: 1_772_359_999,
    Threshold: 7,
    StateReasonData: JSON.stringify({
      recentDatapoints: [1, 2],
      evaluatedDatapoints: [
        { timestamp: '2026-03-01T10:00:00.000+0000', value: 8 },
        { timestamp: '2026-03-01T10:01:00.000+0000', value: 9 },
        { timestamp: '2026-03-01T10:02:00.000+0000' },
      ],
    }),
  });
  interface Request {
    readonly AlarmNamePrefix: string;
    readonly MaxRecords: number;
    readonly NextToken?: string;
  }
  const requests: Request[] = [];
  let alarms: readonly ReturnType<typeof deployed>[] = [];
  let denied = false;
  let server: TestServer;
  beforeAll(async () => {
    server = await startHttp('application/x-amz-json-1.0', (body) => {
      const request = JSON.parse(body) as Request;
      requests.push(request);
      if (denied) return { status: 403, body: '{"__type":"AccessDeniedException","message":"not you"}' };
      const found = alarms.filter(({ AlarmName }) => AlarmName.startsWith(request.AlarmNamePrefix));
      // One a page, so that there is a next one.
      const at = Number(request.NextToken ?? 0);
      const next = at + 1 < found.length ? { NextToken: String(at + 1) } : {};
      return { body: JSON.stringify({ MetricAlarms: found.slice(at, at + 1), ...next }) };
    });
  });
  afterAll(() => server.close());
  const ask = (...args: string[]) =>
    run('--endpoint-url', server.access.endpoint, '--region', 'eu-north-1', ...args);

  it('are those of its stacks, page by page, and of no other pipeline', async () => {
    alarms = [
      deployed('clicks-prod-collector-Fails', 'OK'),
      deployed('clicks-prod-stream-Late', 'OK'),
      deployed('clicks-prod-stream-Full', 'ALARM'),
      deployed('clicks-prod-archive-Stale', 'INSUFFICIENT_DATA'),
      deployed('clicks-prod-dev-stream-Late', 'ALARM'),
      deployed('clicks-prod-stream-dev-stream-Late', 'ALARM'),
      deployed('clicks-prodigy-stream-Late', 'ALARM'),
    ];
    requests.length = 0;
    const { code, stdout, stderr } = await ask('--stack', 'clicks-prod', '--json');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const expected = (name: string, state: string) => ({
      name,
      state,
      since: '2026-03-01T10:02:03.000Z',
      description: `${name} means that.`,
      value: 9,
      threshold: 7,
      runbook: `docs/operations.md#${name.toLowerCase()}`,
    });
    expect(JSON.parse(stdout)).toEqual([
      expected('clicks-prod-stream-Late', 'OK'),
      expected('clicks-prod-stream-Full', 'ALARM'),
      expected('clicks-prod-archive-Stale', 'INSUFFICIENT_DATA'),
      expected('clicks-prod-collector-Fails', 'OK'),
    ]);
    expect(
      requests.map(({ AlarmNamePrefix, NextToken, MaxRecords }) => [AlarmNamePrefix, NextToken, MaxRecords]),
    ).toEqual([
      ['clicks-prod-', undefined, 100],
      ...['1', '2', '3', '4', '5'].map((next) => ['clicks-prod-', next, 100]),
    ]);
  });

  it('are found by the name of one of its stacks, too', async () => {
    alarms = [deployed('clicks-prod-archive-Stale', 'OK')];
    const { code, stdout } = await ask('--stack', 'clicks-prod-stream');
    expect(stdout).toContain('clicks-prod-archive-Stale');
    expect(code).toBe(0);
  });

  it('are asked for with exit code 2 where there are none, and where it is not allowed', async () => {
    alarms = [];
    const none = await ask('--stack', 'clicks-prod');
    expect(none.stderr).toContain('there is no alarm whose name begins with clicks-prod-stream-');
    expect(none.code).toBe(2);
    denied = true;
    const refused = await ask('--stack', 'clicks-prod');
    expect(refused.stderr).toContain('The identity needs cloudwatch:DescribeAlarms.');
    expect(refused.code).toBe(2);
  });
});
