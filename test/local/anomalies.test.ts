import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { watchAlarms } from '../../alarms/evaluation/alarm-watch';
import { windowMs, windowStart } from '../../domain/counters/window';
import { readDeployment } from '../../local/cloudformation/read-deployment';
import type { Deployment } from '../../local/deployment';
import type { Invocation } from '../../local/function-runtime/lambda-function';
import { type RunningFunction, startFunction } from '../../local/function-runtime/start-function';
import { recordEmbedded } from '../../local/metrics/embedded-metrics';
import { tailLog } from '../../local/metrics/log-tail';
import { createMetricStore, keptMs } from '../../local/metrics/metric-store';
import { startSchedule } from '../../local/schedule/schedule';
import { dynamoLogTable } from '../../table/log-table';
import { buildApp } from '../lib/deployment';
import { createAggregatesTable, type DynamoServer, startDynamoServer } from '../support/aggregates-table';
import { counting } from '../support/counting';
import { siteHours } from '../support/hour-counts';
import { clicksOfHour } from '../support/imported-hours';
import { createMemoryCheckpointStore } from '../support/memory-checkpoint-store';
import { temporaryFolder } from '../support/temporary-folder';
import { createVirtualClock } from '../support/virtual-clock';

const folder = temporaryFolder('local-anomalies');
const weeks = 3;
const stack = 'clickstream-dev-anomalies';

/** Reads the templates, the function of anomalies bundled, and lets somebody look at it. */
async function withDeployment(look: (deployment: Deployment) => Promise<void>): Promise<void> {
  const { app } = buildApp({
    anomalies: true,
    uniqueVisitors: 'off',
    'aws:cdk:bundling-stacks': [stack],
  });
  try {
    await look(readDeployment(app.synth().directory));
  } finally {
    rmSync(app.outdir, { recursive: true });
  }
}

/** Weeks of clicks that were imported just now, six times as many in the latest hours. */
async function fill(server: DynamoServer, tableName: string): Promise<void> {
  await createAggregatesTable(server.client, tableName);
  const { count, compact } = counting(dynamoLogTable(server.client, tableName), { minutesForDays: 1 / 24 });
  const now = Date.now();
  // The hour that is under way as well: it may be over in a moment.
  const thisHour = windowStart('hour', now);
  const hours = siteHours('laptop', weeks + 1, 30).slice(0, weeks * 168);
  const records = hours.flatMap((clicks, hour) => {
    const start = thisHour - (hours.length - 1 - hour) * windowMs.hour;
    const isUnusual = hour >= hours.length - 5;
    return clicksOfHour(start, isUnusual ? 6 * clicks + 100 : clicks, { arrivedAt: now, pageOf: () => '/' });
  });
  await count(
    'clicks/shardId-000000000000',
    records.map((record, index) => ({ ...record, sequenceNumber: String(1_000_000 + index) })),
  );
  await compact();
}

describe('anomalies on the laptop', () => {
  let server: DynamoServer;
  let running: RunningFunction | undefined;
  beforeAll(async () => {
    server = await startDynamoServer(folder);
  });
  afterAll(async () => {
    await running?.close();
    await server?.close();
  });

  it('are found by the function of the template at its schedule, and told once', async () => {
    await withDeployment(async (deployment) => {
      await fill(server, deployment.table.name);
      const isOwn = ({ name }: { readonly name: string }) => name.startsWith(stack);
      const logFile = join(folder, 'anomalies.log');
      running = startFunction(deployment.functions.find(isOwn)!, {
        region: deployment.region,
        logFile,
        environment: {
          AWS_ENDPOINT_URL_DYNAMODB: server.endpoint,
          AWS_ACCESS_KEY_ID: 'S3RVER',
          AWS_SECRET_ACCESS_KEY: 'S3RVER',
        },
      });
      const alarms = deployment.alarms.filter(isOwn);
      const tail = tailLog(logFile);
      const metrics = createMetricStore(Date.now, keptMs(alarms));
      const watch = watchAlarms(alarms, metrics, Date.now());
      const told: string[] = [];
      let known = new Map<string, string>();
      const evaluate = (): void => {
        for (const line of tail.read()) recordEmbedded(line, metrics.record);
        // What was said in this minute is evaluated at its end.
        watch.evaluate(Date.now() + windowMs.minute);
        const states = new Map(watch.statuses().map(({ name, state }) => [name, state]));
        for (const [name, state] of states) {
          if (known.get(name) !== state && (state === 'ALARM' || known.get(name) === 'ALARM'))
            told.push(`${name.split('-').at(-1)} ${state}`);
        }
        known = states;
      };

      const clock = createVirtualClock();
      const invocations: Promise<Invocation>[] = [];
      const target = {
        ...running,
        invoke: (input: string) => {
          invocations.push(running!.invoke(input));
          return invocations.at(-1)!;
        },
      };
      const spec = deployment.schedules.find(({ functionArn }) => functionArn === running!.arn)!;
      const faults: unknown[] = [];
      const schedule = await startSchedule(spec, {
        ...{ target, clock },
        checkpoints: createMemoryCheckpointStore(),
        onFault: (...fault) => faults.push(fault),
      });
      for (const turn of [1, 2, 3]) {
        await clock.advance(15 * windowMs.minute);
        expect(invocations).toHaveLength(turn);
        expect(await invocations.at(-1)).toMatchObject({ kind: 'returned', payload: { open: 1 } });
        evaluate();
      }
      await schedule.stop();
      expect(faults).toEqual([]);
      expect(told).toEqual(['TotalUnusual ALARM']);
      expect(watch.statuses().map(({ name, state }) => [name.split('-').at(-1), state])).toEqual([
        ['TotalUnusual', 'ALARM'],
        ['TypeUnusual', 'OK'],
        ['PageUnusual', 'OK'],
        ['AnomaliesBehind', 'OK'],
        ['AnomaliesErrors', 'OK'],
      ]);
    });
  }, 60_000);
});
