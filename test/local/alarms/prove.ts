import { rmSync } from 'node:fs';
import { readDeployment } from '../../../local/cloudformation/read-deployment';
import type { Deployment } from '../../../local/deployment';
import { buildApp } from '../../lib/deployment';
import { type Scenario, usualTraffic } from './scenarios';
import { startSimulatedPipeline } from './simulated-pipeline';

const quietMinutes = 60;
/** Longer than any of them looks back. */
const silentMinutes = 45;
const mostMinutesToFire = 40;
const mostMinutesToEnd = 60;

/** What the templates of a stage ask for, every alarm that a setting can bring among it, with one shard. */
export function deploymentOf(stage: string): Deployment {
  const { app } = buildApp({
    ...{ stage, streamMode: 'provisioned', shardCount: '1' },
    ...{ heartbeatMinutes: '20', collector: 'true' },
  });
  try {
    return readDeployment(app.synth().directory);
  } finally {
    rmSync(app.outdir, { recursive: true });
  }
}

/** An alarm's name without the name of its stack. */
export const alarmId = (alarmName: string): string => alarmName.split('-').at(-1)!;

type State = 'OK' | 'ALARM';

/** Lets a failure begin and end, and says what its alarms did otherwise than they should; nothing if all is right. */
export async function problemsOf(
  deployment: Deployment,
  { alarms, begins, ends, within = mostMinutesToFire, whenSilent = 'OK' }: Scenario,
): Promise<readonly string[]> {
  const pipeline = await startSimulatedPipeline(deployment);
  pipeline.send(usualTraffic);
  const problems: string[] = [];
  const statesOf = (): ReadonlyMap<string, string> =>
    new Map(pipeline.statuses().map(({ name, state }) => [alarmId(name), state]));
  const areAll = (expected: State): boolean => {
    const states = statesOf();
    return alarms.every((id) => states.get(id) === expected);
  };
  const expectAll = (expected: State, when: string): void => {
    const states = statesOf();
    for (const id of alarms)
      if (states.get(id) !== expected) problems.push(`${id} is ${states.get(id)} ${when}`);
  };
  const fire = async (): Promise<void> => {
    await begins(pipeline);
    await pipeline.pass(within, () => areAll('ALARM'));
    expectAll('ALARM', 'while it lasts');
  };
  try {
    await pipeline.pass(mostMinutesToEnd, () => areAll('OK'));
    expectAll('OK', 'before it');
    await fire();
    await ends(pipeline);
    await pipeline.pass(mostMinutesToEnd, () => areAll('OK'));
    expectAll('OK', 'after it');
    await fire();
    await pipeline.fallSilent();
    await pipeline.pass(silentMinutes);
    expectAll(whenSilent, 'when no metric has data any more');
    return problems;
  } finally {
    await pipeline.stop();
  }
}

/** What alarms have fired in an hour of traffic in which nothing fails, and which are not OK at its end. */
export async function problemsOfAQuietHour(deployment: Deployment): Promise<readonly string[]> {
  const pipeline = await startSimulatedPipeline(deployment);
  pipeline.send(usualTraffic);
  const fired = new Set<string>();
  const note = (wrong: (state: string) => boolean): void => {
    for (const { name, state } of pipeline.statuses())
      if (wrong(state)) fired.add(`${alarmId(name)} ${state}`);
  };
  try {
    for (let minute = 0; minute < quietMinutes; minute++) {
      await pipeline.pass(1);
      note((state) => state === 'ALARM');
    }
    note((state) => state !== 'OK');
    return [...fired];
  } finally {
    await pipeline.stop();
  }
}

/** What alarms go off when, out of the best of health, everything stands still. */
export async function firingInStandstill(deployment: Deployment): Promise<readonly string[]> {
  const pipeline = await startSimulatedPipeline(deployment);
  pipeline.send(usualTraffic);
  await pipeline.pass(quietMinutes / 2);
  await pipeline.fallSilent();
  await pipeline.pass(silentMinutes);
  const firing = pipeline.statuses().filter(({ state }) => state !== 'OK');
  return firing.map(({ name, state }) => `${alarmId(name)} ${state}`);
}
