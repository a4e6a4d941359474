import { runBench } from '../run-bench';

interface Output {
  readonly rows: readonly {
    readonly compactionSeconds: number;
    readonly recordsPerSecond: number;
    readonly lateShare: number;
    readonly batchRecords: number;
    readonly writeUnits: number;
    readonly sorts: readonly {
      readonly sort: string;
      readonly writes: number;
      readonly meanBytes: number;
      readonly writeUnits: number;
    }[];
  }[];
}

const run = async (...args: string[]) =>
  JSON.parse(await runBench('writes', '--short', '--json', ...args)) as Output;

describe('the benchmark of the table’s writes', () => {
  it('counts a delta a batch, and items by group and window', async () => {
    const { rows } = await run('--deduplicate', '--visitors', 'total');

    expect(rows.map(({ compactionSeconds }) => compactionSeconds)).toEqual([60, 300]);
    for (const { batchRecords, writeUnits, sorts } of rows) {
      const unitsOf = (name: string) => sorts.find(({ sort }) => sort === name)?.writeUnits;
      expect(batchRecords).toBe(51);
      expect(unitsOf('ids')).toBeCloseTo(1_000 / 51, 6);
      // A batch of fifty events is a delta within a kilobyte, but for a few.
      expect(unitsOf('delta')).toBeLessThan(1.1 * (1_000 / 51));
      for (const group of ['summary', 'page', 'element', 'referrer']) {
        for (const size of ['minute', 'hour', 'day'])
          expect(unitsOf(`${group} by ${size}`)).toBeGreaterThan(0);
      }
      expect(unitsOf('visitors-total by hour')).toBeGreaterThan(0);
      expect(sorts.reduce((sum, sort) => sum + sort.writeUnits, 0)).toBeCloseTo(writeUnits, 9);
    }
    expect(rows[0]!.writeUnits).toBeGreaterThan(rows[1]!.writeUnits);
  }, 60_000);

  it('takes other loads, and other numbers of buckets', async () => {
    const unitsWith = async (...args: string[]) => (await run('--rate', '5', ...args)).rows[0]!.writeUnits;
    const [usual, late, fewer] = [
      await unitsWith(),
      await unitsWith('--late', '0.2'),
      await unitsWith('--page-buckets', '2'),
    ];

    expect(late).toBeGreaterThan(1.5 * usual);
    expect(fewer).toBeLessThan(0.8 * usual);
  }, 60_000);
});
