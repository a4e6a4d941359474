import { rmSync } from 'node:fs';
import type { Alarm } from '../../../alarms/evaluation/alarm';
import { watchAlarms } from '../../../alarms/evaluation/alarm-watch';
import type { Metric } from '../../../alarms/evaluation/metric';
import { readAlarm } from '../../../local/cloudformation/alarm';
import { readStacks } from '../../../local/cloudformation/cloud-assembly';
import { createResolver } from '../../../local/cloudformation/intrinsics';
import { declaredResources, resolveResource } from '../../../local/cloudformation/resource';
import type { LambdaFunction } from '../../../local/function-runtime/lambda-function';
import { measuredFunction, tooManyRequests } from '../../../local/metrics/measured-function';
import { createMetricStore, keptMs } from '../../../local/metrics/metric-store';
import { buildApp } from '../../lib/deployment';
import { createVirtualClock } from '../../support/virtual-clock';
import { alarmId } from './prove';

type Behaviour = 'answers' | 'crashes' | 'is throttled' | 'is slow' | 'answers 503';
type Api = (hasToken?: boolean) => Promise<void>;

/** What the dashboard's template asks for, as the laptop reads the templates that it runs. */
function readDashboard() {
  const { app, pipeline } = buildApp({ stage: 'prod', dashboard: 'hosted' });
  const stacks = readStacks(app.synth().directory);
  rmSync(app.outdir, { recursive: true });
  const resolve = createResolver(stacks);
  const own = stacks.filter(({ name }) => name === pipeline.dashboard!.stackName);
  const find = (type: string) => declaredResources(own, [type]);
  const name = (type: string, id = '') => find(type).find((one) => one.place.logicalId.startsWith(id))!.name;
  return {
    alarms: find('AWS::CloudWatch::Alarm').map((alarm) => readAlarm(resolveResource(alarm, resolve))),
    functionName: name('AWS::Lambda::Function', 'QueriesHandler'),
    apiId: name('AWS::ApiGatewayV2::Api'),
  };
}

const dashboard = readDashboard();

/** An HTTP API before a function, and what Lambda and API Gateway count of both, under their own names. */
function simulate({ functionName, apiId }: typeof dashboard) {
  const clock = createVirtualClock();
  const metrics = createMetricStore(clock.now, keptMs(dashboard.alarms));
  let behaviour: Behaviour = 'answers';
  const answer = (statusCode: number) =>
    ({ kind: 'returned', payload: { statusCode }, payloadBytes: 2 }) as const;
  const fn = measuredFunction<LambdaFunction>(
    {
      arn: 'arn',
      name: functionName,
      roleArn: 'role',
      invoke: async () => {
        if (behaviour === 'is throttled')
          throw Object.assign(new Error('Rate Exceeded.'), { name: tooManyRequests });
        if (behaviour === 'crashes') return { kind: 'failed', errorType: 'E', errorMessage: 'm' } as const;
        await clock.sleep(behaviour === 'is slow' ? 25_000 : 20);
        return answer(behaviour === 'answers 503' ? 503 : 200);
      },
    },
    metrics.record,
    clock,
  );
  const statusOf = async (hasToken: boolean): Promise<number> => {
    if (!hasToken) return 401;
    // A crash is a 500 and a refusal of Lambda's a 503 to whoever asks (API Gateway docs: HTTP API integrations).
    const invocation = await fn.invoke('{}').catch(() => undefined);
    if (!invocation) return 503;
    return invocation.kind === 'returned' ? (invocation.payload as { statusCode: number }).statusCode : 500;
  };
  const api: Api = async (hasToken = true) => {
    const status = await statusOf(hasToken);
    const count = (name: string, value: number): void => {
      const metric: Metric = { namespace: 'AWS/ApiGateway', name, dimensions: { ApiId: apiId } };
      metrics.record(metric, value);
    };
    count('Count', 1);
    count('4xx', status >= 400 && status < 500 ? 1 : 0);
    count('5xx', status >= 500 ? 1 : 0);
  };
  const become = (next: Behaviour): void => {
    behaviour = next;
  };
  return { clock, metrics, api, become };
}

const page = (api: Api): void => {
  for (let n = 0; n < 12; n++) void api();
};
const strangers = (api: Api): void => {
  page(api);
  for (let n = 0; n < 400; n++) void api(false);
};
const nobody = (): void => {};

/** The states of alarms when something begins, and when it ends again. */
async function statesThrough(alarms: readonly Alarm[], behaviour: Behaviour, askedBy = page) {
  const { clock, metrics, api, become } = simulate(dashboard);
  const watch = watchAlarms(alarms, metrics, clock.now());
  const pass = async (minutes: number, ask: (api: Api) => void) => {
    for (let minute = 0; minute < minutes; minute++) {
      ask(api);
      await clock.advance(60_000);
      watch.evaluate(clock.now());
    }
    return watch
      .statuses()
      .filter(({ state }) => state === 'ALARM')
      .map(({ name }) => alarmId(name));
  };
  const before = await pass(20, page);
  become(behaviour);
  const during = await pass(20, askedBy);
  become('answers');
  const after = await pass(25, page);
  become(behaviour);
  await pass(20, askedBy);
  return { before, during, after, silent: await pass(45, nobody) };
}

describe('The alarms of the hosted dashboard', () => {
  it.each([
    ['the query function crashes', 'crashes', page, ['DashboardFails', 'QueryErrors']],
    ['Lambda has no concurrency left', 'is throttled', page, ['DashboardFails', 'QueryThrottled']],
    ['answers take nearly as long as they may', 'is slow', page, ['QuerySlow']],
    ['the table does not answer', 'answers 503', page, ['DashboardFails']],
    ['somebody asks all the time without a token', 'answers', strangers, ['DashboardRefuses']],
    ['nobody looks', 'answers', nobody, []],
  ] as const)(
    'that go off when %s, and are well again after it: %s',
    async (_what, behaviour, askedBy, firing) => {
      const states = await statesThrough(dashboard.alarms, behaviour, askedBy);
      expect(states).toEqual({ before: [], during: firing, after: [], silent: [] });
    },
  );

  it('are proven each, and by a proof that fails for a dimension of a REST API', async () => {
    expect(dashboard.alarms.map(({ name }) => alarmId(name)).sort()).toEqual([
      'DashboardFails',
      'DashboardRefuses',
      'QueryErrors',
      'QuerySlow',
      'QueryThrottled',
    ]);
    const wrong = dashboard.alarms.map((alarm) => ({
      ...alarm,
      metrics: new Map(
        [...alarm.metrics].map(([id, { metric, statistic }]) => {
          const dimensions = { ApiName: Object.values(metric.dimensions)[0]! };
          return [id, { statistic, metric: { ...metric, dimensions } }];
        }),
      ),
    }));
    expect((await statesThrough(wrong, 'crashes')).during).toEqual([]);
  });
});
