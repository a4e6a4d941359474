import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { ErrorRow } from '../../bench/sketches/errors';
import { measureWriteUnits, type WriteUnitRow } from '../../bench/sketches/write-units';
import { nodeArguments } from '../../cli/node-arguments';

interface Output {
  readonly errors: readonly ErrorRow[];
  readonly units: readonly WriteUnitRow[];
}

describe('the benchmark of sketches', () => {
  it('tells the errors of both precisions and the units of every setting', () => {
    const script = join(__dirname, '../../bench/cli.ts');
    const args = [...nodeArguments, script, 'sketches', '--short', '--json'];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    const { errors, units } = JSON.parse(stdout) as Output;

    expect(errors.map(({ precision, distinct }) => `${precision} ${distinct}`)).toEqual([
      ...['10 1', '10 100', '10 1000'],
      ...['12 1', '12 100', '12 1000'],
    ]);
    for (const { rms, standardError } of errors) expect(rms).toBeLessThan(4 * standardError);
    expect(units.map(({ recordsPerSecond, layout }) => `${recordsPerSecond} ${layout}`)).toEqual(
      [25, 100, 1_000].flatMap((rate) =>
        ['off', 'total', 'page', 'page-an-item-each'].map((layout) => `${rate} ${layout}`),
      ),
    );
  }, 60_000);

  it('counts a unit for every kilobyte of an item, at the least one a write', () => {
    const rows = measureWriteUnits({ recordsPerSecond: 10, pages: 50, minutes: 1 });
    const [off, total, page, single] = rows.map(({ unitsPerThousandRecords, writesPerBatch }) => ({
      units: (unitsPerThousandRecords * 10 * 5) / 1_000,
      writesPerBatch,
    }));
    // Young items are small, and four sketches of everybody change in every batch.
    expect(off!.units).toBeCloseTo(off!.writesPerBatch, 6);
    expect(total!.writesPerBatch - off!.writesPerBatch).toBeCloseTo(4, 6);
    expect(page!.writesPerBatch).toBeGreaterThan(total!.writesPerBatch + 4);
    expect(single!.writesPerBatch).toBeGreaterThan(page!.writesPerBatch);
    expect(single!.units).toBeCloseTo(single!.writesPerBatch, 6);
  });
});
