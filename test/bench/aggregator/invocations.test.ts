import { batches } from '../../../bench/aggregator/batches';
import { contenders } from '../../../bench/aggregator/contenders';
import { loadContenders } from '../../../bench/aggregator/invocation';
import { quietly } from '../../../bench/quietly';
import { runBench } from '../run-bench';

interface Output {
  readonly batches: readonly {
    readonly events: number;
    readonly eventsPerRecord: number;
    readonly bytes: number;
    readonly results: readonly {
      readonly name: string;
      readonly right: boolean;
      readonly cpuMs: { readonly median: number };
    }[];
  }[];
}

describe('the aggregator’s benchmark', () => {
  it('compares contenders that all count right, plain and packed', async () => {
    const output = JSON.parse(await runBench('aggregator', '--short', '--json')) as Output;

    const shapes = output.batches.map(({ events, eventsPerRecord }) => [events, eventsPerRecord]);
    expect(shapes).toEqual([
      [300, 1],
      [300, 30],
    ]);
    const [plain, packed] = output.batches;
    expect(plain!.bytes).toBeGreaterThan(1.5 * packed!.bytes);
    for (const { results } of output.batches) {
      expect(results.map(({ name, right }) => [name, right])).toEqual(
        ['product', 'product-prod', 'baseline', 'minutes', 'one-map', 'page-by-minute', 'floor'].map(
          (name) => [name, true],
        ),
      );
      for (const { cpuMs } of results) expect(cpuMs.median).toBeGreaterThan(0);
    }
  }, 120_000);

  it('reads from the product’s updates what it has counted, each batch once', async () => {
    const [product, prod, baseline] = await loadContenders(contenders);
    const coming = batches({ shard: 'shardId-7', events: 90, eventsPerRecord: 4 });
    const [first, second] = [coming.next().value, coming.next().value];

    for (const contender of [product!, prod!, baseline!]) {
      const counted = [];
      for (const batch of [first, second]) {
        await quietly(() => contender.invoke(batch));
        counted.push(contender.takeCounts());
      }
      const hour = 'hour 2026-01-01T';
      const totals = counted.map((counts) =>
        [...counts]
          .filter(([counter]) => counter.startsWith(`total ${hour}`))
          .reduce((sum, [, count]) => sum + count, 0),
      );
      expect(totals).toEqual([90, 90]);
      expect(counted[0]).not.toEqual(counted[1]);
    }

    // Nothing is left to do for the product, and for the baseline everything.
    await quietly(() => product!.invoke(first));
    expect(product!.takeCounts()).toEqual(new Map());
    await quietly(() => baseline!.invoke(first));
    expect(baseline!.takeCounts().size).toBeGreaterThan(50);
  }, 120_000);
});
