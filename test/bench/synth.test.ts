import { runBench } from './run-bench';

describe('the benchmark of synthesis', () => {
  it('has every command write the same templates, and every process the same first one', async () => {
    const { synths, templates } = JSON.parse(await runBench('synth', '--short', '--json'));

    const right = ({ name, right }: { name: string; right: boolean }) => [name, right];
    expect(synths.map(right)).toEqual([
      ['project-cold', true],
      ['template-cold', true],
      ['bare-cold', true],
    ]);
    expect(templates.map(right)).toEqual([
      ['tests', true],
      ['defaults', true],
      ['bare', true],
    ]);
    for (const { cpuMs, ms } of synths) expect(Math.min(cpuMs.least, ms.least)).toBeGreaterThan(100);
  }, 240_000);
});
