import { runChildBenchmark } from '../../bench/child-benchmark';

describe('a benchmark in a process of its own', () => {
  it('hands back what it printed', async () => {
    const { code, printed } = await runChildBenchmark(['--help'], true);

    expect(code).toBe(0);
    expect(printed).toMatch(/^Usage: npm run bench/);
  });

  it('hands back how it failed', async () => {
    expect(await runChildBenchmark(['sketches', '--fast'], true)).toEqual({ code: 2, printed: '' });
  });
});
