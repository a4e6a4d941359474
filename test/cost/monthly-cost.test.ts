import fc from 'fast-check';
import { baselinesOf, perMillion } from '../../cost/baselines';
import { totalOf } from '../../cost/cost-line';
import { monthlyCost } from '../../cost/monthly-cost';
import { prices, settings, traffic } from './cost-factory';

const prod = settings({
  stage: 'prod',
  streamMode: 'provisioned',
  deduplicationSeconds: 0,
  uniqueVisitors: 'off',
});

describe('The cost of a month', () => {
  it('is what its lines add up to', () => {
    const { lines, dollars, dollarsPerMillion } = monthlyCost(traffic(), prod, prices, 1);

    expect(new Set(lines.map(({ service }) => service)).size).toBe(7);
    expect(dollars).toBe(totalOf(lines));
    expect(dollarsPerMillion).toBeCloseTo(dollars / (7 * 2.628), 9);
  });

  it('is a shard, requests for its key and a compactor that finds nothing where nothing flows', () => {
    const { lines, dollars, dollarsPerMillion } = monthlyCost(
      traffic({ eventsPerSecond: 0 }),
      settings({ stage: 'dev' }),
      prices,
      1,
    );

    expect(lines.filter((line) => line.dollars > 0).map(({ driver }) => driver)).toEqual([
      'shards: 1',
      'compactor: requests',
      expect.stringMatching(/^compactor: \d+ ms each$/),
      'metrics of the functions',
      'metrics under an alarm',
      'dashboard',
      'logs written',
      'logs kept',
      'requests',
    ]);
    const compactor = lines.filter(({ service }) => service === 'Lambda' || service === 'CloudWatch');
    expect(dollars).toBeCloseTo(10.95 + 0.07884 + totalOf(compactor), 9);
    // Three metrics, 31 metrics under an alarm, and the dashboard.
    expect(totalOf(compactor)).toBeCloseTo(0.9 + 3.1 + 3 + 0.04, 1);
    expect(dollarsPerMillion).toBeUndefined();
  });

  it('is larger for more events, and less for each of them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('none' as const, 'kpl' as const),
        fc.constantFrom('dev', 'prod'),
        fc.integer({ min: 1, max: 20 }).map((tenths) => tenths / 10),
        fc.integer({ min: 2, max: 4 }),
        (packing, stage, eventsPerSecond, factor) => {
          const of = settings({ stage, uniqueVisitors: 'off' });
          const at = (rate: number) =>
            monthlyCost(traffic({ packing, eventsPerSecond: rate }), of, prices, 1);
          const [few, many] = [at(eventsPerSecond), at(eventsPerSecond * factor)];
          expect(many.dollars).toBeGreaterThan(few.dollars);
          expect(many.dollarsPerMillion!).toBeLessThan(few.dollarsPerMillion!);
        },
      ),
      { numRuns: 5 },
    );
  });

  it('grows with what is kept, until it expires', () => {
    const inMonth = (month: number) =>
      monthlyCost(traffic({ eventsPerSecond: 20 }), prod, prices, month).dollars;

    expect(inMonth(2)).toBeGreaterThan(inMonth(1));
    expect(inMonth(30)).toBeGreaterThan(inMonth(2));
  });

  it('stays below 20 cents a million events at a thousand a second, and below 5 packed, without visitors of pages', () => {
    const exact = settings({ stage: 'prod', streamMode: 'provisioned', uniqueVisitors: 'total' });
    const at = (packing: 'none' | 'ndjson') =>
      monthlyCost(
        traffic({ packing, eventsPerSecond: 1_000, eventBytes: 400, pages: 1_000 }),
        exact,
        prices,
        1,
      );

    expect(at('none').dollarsPerMillion).toBeLessThan(0.2);
    expect(at('ndjson').dollarsPerMillion).toBeLessThan(0.05);
  });
});

describe('Other designs with the same traffic', () => {
  it.each(['none', 'ndjson'] as const)(
    'pay for a write or four units of each event, packed as %s or not',
    (packing) => {
      const of = traffic({ packing, eventsPerSecond: 200 });
      const ours = monthlyCost(of, prod, prices, 1);
      const { updateEach, transactionEach, withoutTable } = baselinesOf(ours, of, prod, prices, 1);
      const events = 200 * 2.628;

      expect(transactionEach - updateEach).toBeCloseTo(3 * 0.625 * events, 6);
      expect(perMillion(updateEach, 200)).toBeGreaterThan(0.625 + 0.138);
      expect(withoutTable).toBeLessThan(ours.dollars);
      expect(updateEach).toBeGreaterThan(ours.dollars);
    },
  );

  it('take no time for duplicates and visitors', () => {
    const of = traffic({ eventsPerSecond: 200 });
    const at = (context: object) => {
      const some = settings({ stage: 'prod', ...context });
      return baselinesOf(monthlyCost(of, some, prices, 1), of, some, prices, 1);
    };
    const { withoutTable: _, ...others } = at({});
    const { withoutTable: __, ...plain } = at({ deduplicationSeconds: 0, uniqueVisitors: 'off' });

    expect(others).toEqual(plain);
  });
});
