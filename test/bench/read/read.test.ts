import { runBench } from '../run-bench';

describe('the benchmark of reading', () => {
  it('reads the same anew and followed, and a follower reads a fraction', async () => {
    const { results } = JSON.parse(await runBench('read', '--short', '--json')) as {
      results: readonly {
        readonly shards: number;
        readonly right: boolean;
        readonly full: { readonly readUnits: { readonly median: number } };
        readonly followed: { readonly readUnits: { readonly median: number } };
      }[];
    };

    expect(results.map(({ shards, right }) => ({ shards, right }))).toEqual([{ shards: 2, right: true }]);
    const [{ full, followed }] = results as [(typeof results)[number]];
    // The entries, and the new delta of each shard.
    expect(followed.readUnits.median).toBeLessThanOrEqual(3);
    expect(full.readUnits.median).toBeGreaterThan(10);
  }, 60_000);
});
