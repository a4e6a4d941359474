import type { ScheduleSpec } from '../../../local/deployment';
import type { Invocation } from '../../../local/function-runtime/lambda-function';
import { startSchedule } from '../../../local/schedule/schedule';
import { createMemoryCheckpointStore } from '../../support/memory-checkpoint-store';
import { createVirtualClock } from '../../support/virtual-clock';

const spec: ScheduleSpec = {
  name: 'rule-3',
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:compactor-4',
  intervalSeconds: 90,
  input: '{"shard":5}',
};

/** A schedule that can be started again, and again, on what it left. */
function bench(answer: () => Invocation = () => ({ kind: 'returned', payload: null, payloadBytes: 4 })) {
  const clock = createVirtualClock();
  const checkpoints = createMemoryCheckpointStore();
  const begin = clock.now();
  const invokedAt: number[] = [];
  const inputs = new Set<string>();
  const faults: string[] = [];
  const target = {
    arn: spec.functionArn,
    name: 'compactor-4',
    roleArn: 'role-6',
    invoke: async (input: string) => {
      inputs.add(input);
      invokedAt.push((clock.now() - begin) / 1_000);
      return answer();
    },
  };
  const onFault = (operation: string, error: unknown) =>
    faults.push(`${operation}: ${error instanceof Error ? error.message : error}`);
  const start = () => startSchedule(spec, { target, clock, checkpoints, onFault });
  const seconds = (count: number) => clock.advance(count * 1_000);
  return { start, seconds, checkpoints, invokedAt, inputs, faults };
}

describe('A schedule', () => {
  it('invokes its function after each interval, with its input', async () => {
    const { start, seconds, invokedAt, inputs } = bench();
    const schedule = await start();
    await seconds(300);
    await schedule.stop();

    expect(invokedAt).toEqual([90, 180, 270]);
    expect([...inputs]).toEqual(['{"shard":5}']);
  });

  it('goes on with its rate after a start, however soon that is followed by another', async () => {
    const { start, seconds, invokedAt } = bench();
    for (let starts = 0; starts < 10; starts++) {
      const schedule = await start();
      await seconds(20);
      await schedule.stop();
    }

    expect(invokedAt).toEqual([90, 180]);
  });

  it('invokes at once where its turn came while it did not run', async () => {
    const { start, seconds, invokedAt } = bench();
    await (await start()).stop();
    await seconds(1_000);
    const schedule = await start();
    await seconds(100);
    await schedule.stop();

    expect(invokedAt).toEqual([1_000, 1_090]);
  });

  it('waits no longer than an interval for a turn that a wrong clock has set', async () => {
    const { start, seconds, checkpoints, invokedAt } = bench();
    await (await start()).stop();
    await checkpoints.put(checkpoints.keys()[0]!, { at: Date.parse('2031-01-01T00:00:00Z') });
    const schedule = await start();
    await seconds(91);
    await schedule.stop();

    expect(invokedAt).toEqual([90]);
  });

  it('tells of an invocation that fails, and invokes again when its time comes', async () => {
    const { start, seconds, invokedAt, faults } = bench(() => ({
      kind: 'failed',
      errorType: 'Sandbox.Timedout',
      errorMessage: 'after 7 seconds',
    }));
    const schedule = await start();
    await seconds(180);
    await schedule.stop();

    expect(invokedAt).toEqual([90, 180]);
    expect(faults).toEqual(Array(2).fill('invocation of compactor-4: Sandbox.Timedout: after 7 seconds'));
  });
});
