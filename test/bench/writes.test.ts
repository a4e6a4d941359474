import { itemBytes } from '../../bench/writes/metered-table';
import { runBench } from './run-bench';

interface Output {
  readonly rows: readonly {
    readonly compactionSeconds: number;
    readonly batchRecords: number;
    readonly writeUnits: number;
    readonly sorts: readonly { readonly sort: string; readonly writeUnits: number }[];
  }[];
}

describe('the benchmark of the table’s writes', () => {
  it('counts a delta a batch, and items by group and window', async () => {
    const { rows } = await runBench<Output>('writes', '--deduplicate', '--visitors', 'total');

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

  it('takes other loads', async () => {
    const unitsWith = async (...args: string[]) =>
      (await runBench<Output>('writes', '--rate', '5', ...args)).rows[0]!.writeUnits;

    expect(await unitsWith('--late', '0.2')).toBeGreaterThan(1.5 * (await unitsWith()));
  }, 60_000);
});

describe('The size of an item', () => {
  it.each([
    ['0', 1],
    ['42', 2],
    ['123', 3],
    ['1000000', 2],
    ['1769248800', 5],
    ['-12.50', 3],
  ])('counts a byte for two digits of %s that say something, and one more', (N, bytes) => {
    expect(itemBytes({ n: { N } })).toBe(1 + bytes);
  });

  it('adds names and values in UTF-8', () => {
    expect(itemBytes({ 'n:/café': { S: 'é' }, hashes: { B: new Uint8Array(24) } })).toBe(8 + 2 + 6 + 24);
  });
});
