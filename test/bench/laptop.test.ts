import type { Result } from '../../bench/compare';
import type { Loaded } from '../../bench/laptop/load';
import { rightByName, runBench } from './run-bench';

describe('the benchmark of the laptop', () => {
  it('starts the pipeline and the emulators, and finds every event counted and archived', async () => {
    const { startUp, loaded } = await runBench<{ startUp: Result[]; loaded: Loaded }>('laptop');

    expect(rightByName(startUp)).toEqual({ cold: true, warm: true, emulators: true });
    expect(loaded).toMatchObject({ accepted: 600, counted: 600, archived: 600, right: true });
    const last = loaded.minutes.at(-1)!;
    expect(last).toMatchObject({ accepted: 600, counted: 600 });
    const names = ['aggregator', 'producer', 'runner', 'transformer'];
    expect(Object.keys(loaded.cpuSecondsPerThousand)).toEqual(expect.arrayContaining(names));
    expect(loaded.cpuSecondsPerThousand.runner).toBeGreaterThan(0.05);
    const [least, most] = last.residentMiB.runner!;
    expect(least).toBeGreaterThan(50);
    expect(most).toBeGreaterThanOrEqual(least);
  }, 180_000);
});
