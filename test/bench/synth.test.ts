import type { Result } from '../../bench/compare';
import { rightByName, runBench } from './run-bench';

describe('the benchmark of synthesis', () => {
  it('has every command write the same templates', async () => {
    const { synths, templates } = await runBench<{ synths: Result[]; templates: Result[] }>('synth');

    expect(rightByName(synths)).toEqual({
      ...{ project: true, template: true, 'template-unchecked': true, bare: true },
    });
    expect(rightByName(templates)).toEqual({ tests: true, bare: true });
    for (const { figures } of synths) expect(figures.cpuSeconds!.least).toBeGreaterThan(0.1);
  }, 240_000);
});
