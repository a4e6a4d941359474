import { runBench } from './run-bench';

interface Output {
  readonly results: readonly {
    readonly name: string;
    readonly right: boolean;
    readonly firstUnits: { readonly median: number };
    readonly againUnits: { readonly median: number };
  }[];
}

describe('the benchmark of the dashboard', () => {
  it('has right answers, and reads a fraction when it is asked again', async () => {
    const { results } = await runBench<Output>('dashboard');
    expect(results.filter(({ right }) => !right)).toEqual([]);
    expect(results.map(({ name }) => name)).toContain('24 h: all panels at once');
    for (const { firstUnits, againUnits } of results) {
      // The entries, and the log of one shard.
      expect(againUnits.median).toBeLessThanOrEqual(2);
      expect(firstUnits.median).toBeGreaterThan(againUnits.median);
    }
  }, 60_000);
});
