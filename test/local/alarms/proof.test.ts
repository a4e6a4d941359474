import { rmSync } from 'node:fs';
import { readDeployment } from '../../../local/cloudformation/read-deployment';
import type { Deployment } from '../../../local/deployment';
import { buildApp } from '../../lib/deployment';
import { type Scenario, scenarios, usualTraffic } from './scenarios';
import { type SimulatedPipeline, startSimulatedPipeline } from './simulated-pipeline';

/** What the templates of a stage ask for, every alarm among it, with one shard. */
function deploymentOf(stage: string): Deployment {
  const { app } = buildApp({ stage, streamMode: 'provisioned', shardCount: '1', heartbeatMinutes: '20' });
  try {
    return readDeployment(app.synth().directory);
  } finally {
    rmSync(app.outdir, { recursive: true });
  }
}

/** Without the stack's name. */
const idOf = (alarmName: string): string => alarmName.split('-').at(-1)!;

const quietMinutes = 60;

describe.each(['dev', 'prod'])('The alarms of stage %s', (stage) => {
  const deployment = deploymentOf(stage);
  const names = new Map(deployment.alarms.map(({ name }) => [idOf(name), name]));
  let pipeline: SimulatedPipeline;
  beforeEach(async () => {
    pipeline = await startSimulatedPipeline(deployment);
    pipeline.send(usualTraffic);
  });
  afterEach(() => pipeline.stop());
  const inState = (ids: readonly string[]) => ids.map((id) => `${id} ${pipeline.state(names.get(id)!)}`);

  it('have a scenario each', () => {
    const proven = new Set(scenarios.flatMap(({ alarms }) => alarms));
    expect([...names.keys()].filter((id) => !proven.has(id))).toEqual([]);
    expect([...proven].filter((id) => !names.has(id))).toEqual([]);
  });

  it('are all quiet in an hour of traffic', async () => {
    const seen = new Set<string>();
    for (let minute = 0; minute < quietMinutes; minute++) {
      await pipeline.pass(1);
      for (const { name, state } of pipeline.statuses()) if (state === 'ALARM') seen.add(name);
    }
    expect([...seen]).toEqual([]);
    expect(pipeline.statuses().filter(({ state }) => state !== 'OK')).toEqual([]);
  });

  it.each(scenarios.map((scenario) => [scenario.failure, scenario] as const))(
    'fire when %s, and are well again after it',
    async (_failure, { alarms, begins, ends, within = 40 }: Scenario) => {
      const all = (state: string) => alarms.map((id) => `${id} ${state}`);
      await pipeline.pass(30, () => inState(alarms).join() === all('OK').join());
      expect(inState(alarms)).toEqual(all('OK'));
      await begins(pipeline);
      const fired = new Set<string>();
      await pipeline.pass(within, () => {
        for (const id of alarms) if (pipeline.state(names.get(id)!) === 'ALARM') fired.add(id);
        return fired.size === alarms.length;
      });
      expect([...fired].sort()).toEqual([...alarms].sort());
      await ends(pipeline);
      await pipeline.pass(60, () => inState(alarms).join() === all('OK').join());
      expect(inState(alarms)).toEqual(all('OK'));
    },
  );
});
