import { parseOptions } from '../../cli/arguments';
import { markdownTable } from '../markdown-table';
import { commonOptions, printResult } from '../report';
import { type ErrorRow, measureErrors } from './errors';
import { measureWriteUnits, type WriteUnitRow } from './write-units';

// A shard of a stream on demand at 100 records a second; that stream's on one shard; and a full shard.
const rates = [25, 100, 1_000];

const sizes = {
  full: {
    errors: {
      distinct: [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000],
      setsAt: (distinct: number) => (distinct > 100_000 ? 25 : 100),
    },
    minutes: 60,
  },
  short: { errors: { distinct: [1, 100, 1_000], setsAt: () => 3 }, minutes: 1 },
};

function errorTable(rows: readonly ErrorRow[]): string {
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
  return markdownTable(
    ['registers', 'distinct', 'sets', 'error: root mean square', 'mean', 'largest', 'standard error'],
    rows.map(({ precision, distinct, sets, rms, bias, largest, standardError }) => [
      (2 ** precision).toLocaleString('en'),
      distinct.toLocaleString('en'),
      String(sets),
      ...[rms, bias, largest, standardError].map(percent),
    ]),
  );
}

function unitTable(rows: readonly WriteUnitRow[]): string {
  return markdownTable(
    ['records/s', 'pages', 'uniqueVisitors', 'write units per 1,000 records', 'writes a batch'],
    rows.map(({ recordsPerSecond, pages, layout, unitsPerThousandRecords, writesPerBatch }) => [
      recordsPerSecond.toLocaleString('en'),
      pages.toLocaleString('en'),
      layout,
      unitsPerThousandRecords.toFixed(1),
      writesPerBatch.toFixed(0),
    ]),
  );
}

/**
 * Measures how far estimates are off, and what the sketches cost in write units.
 *
 * @param args `--json`; `--short`: to see that it works, not what it comes to
 */
export async function benchmarkSketches(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, commonOptions);
  const { errors, minutes } = values.short ? sizes.short : sizes.full;
  const { rows, addedPerSecond } = measureErrors(errors);
  const units = rates.flatMap((recordsPerSecond) =>
    measureWriteUnits({ recordsPerSecond, pages: 1_000, minutes }),
  );
  printResult(values, { errors: rows, addedPerSecond, minutes, units }, () =>
    [
      `${Math.round(addedPerSecond).toLocaleString('en')} ids a second, hashed and added to both`,
      errorTable(rows),
      `One shard, batches of 5 s, ${minutes} minutes`,
      unitTable(units),
    ].join('\n\n'),
  );
}
