import type { LaptopResult } from '../../../bench/laptop/laptop-text';
import { laptopText } from '../../../bench/laptop/laptop-text';
import { runBench } from '../run-bench';

describe('the benchmark of the laptop', () => {
  it('starts the pipeline and the emulators, and finds every event counted and archived', async () => {
    const printed = await runBench('laptop', '--short', '--json', '--profile');
    const result = JSON.parse(printed) as Required<LaptopResult>;
    const { load, startUp, sustained, floor, profile } = result;

    expect(startUp.map(({ name }) => name)).toEqual(['cold', 'warm', 'emulators']);
    for (const { readyMs } of startUp) expect(readyMs.least).toBeGreaterThan(0);

    const { accepted, counted, archived, archivedAgain, right, minutes } = sustained;
    // A marker a second beside the load.
    expect(accepted).toBeGreaterThan(load.rate * load.seconds);
    expect({ counted, archived, archivedAgain, right }).toEqual({
      ...{ counted: accepted, archived: accepted },
      ...{ archivedAgain: 0, right: true },
    });
    expect(sustained.putToCounted!.count).toBe(accepted - load.rate * load.seconds);
    expect(sustained.putToObject!.count).toBeGreaterThan(0);
    expect(minutes.at(-1)).toMatchObject({ accepted, counted });
    expect(Object.keys(sustained.cpuSecondsPerThousand)).toEqual(
      expect.arrayContaining(['aggregator', 'producer', 'runner']),
    );
    const { least, most } = minutes.at(-1)!.residentMiB.runner!;
    expect(least).toBeGreaterThan(50);
    expect(most).toBeGreaterThanOrEqual(least);

    expect(floor).toMatchObject({ accepted: load.rate * load.seconds, right: true });
    expect(profile.map(({ what }) => what)).toEqual(expect.arrayContaining(['kinesalite', 'dynalite']));

    const text = laptopText(result);
    expect(text).toContain(`${accepted} counted`);
    expect(text).toContain('exactly what was accepted');
  }, 180_000);
});
