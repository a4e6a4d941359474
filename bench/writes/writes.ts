import { parseOptions } from '../../cli/arguments';
import { numberOption } from '../../cli/option-values';
import { SetupError } from '../../cli/setup-error';
import { maxValueBytes } from '../../domain/counters/counter-value';
import { markdownTable } from '../markdown-table';
import { commonOptions, printResult } from '../report';
import type { DesignKind } from './design';
import { designKinds } from './designs';
import { type Hour, measureHour } from './hour';
import { layoutKinds } from './layouts';
import { type Scope, scopes, type WriteLoad } from './load';

interface Row extends WriteLoad, Hour {
  /** Streams that this is a shard of. */
  readonly streams: readonly { readonly recordsPerSecond: number; readonly shards: number }[];
}

/** By what one shard gets, which is 1,000 records a second at the most: a stream of 10,000 has ten of them. */
const streamsOf: Readonly<Record<number, Row['streams']>> = {
  100: [{ recordsPerSecond: 100, shards: 1 }],
  1000: [
    { recordsPerSecond: 1_000, shards: 1 },
    { recordsPerSecond: 10_000, shards: 10 },
  ],
};

interface Effort {
  readonly rates: readonly number[];
  readonly batchSeconds: readonly number[];
  readonly pages: readonly number[];
  readonly eventsInFull?: number;
}

const efforts = {
  designs: { rates: [100, 1_000], batchSeconds: [1, 5, 60], pages: [1_000, 100_000] },
  layouts: { rates: [100, 1_000], batchSeconds: [5], pages: [1_000, 100_000] },
  paths: { rates: [1_000], batchSeconds: [5], pages: [1_000] },
  short: { rates: [100], batchSeconds: [5], pages: [1_000], eventsInFull: 10_000 },
} as const satisfies Record<string, Effort>;

const lateShares = [0, 0.05];

/** So long is the path of the hundred thousandth page. */
const leastPageBytes = 15;

const cut =
  'One shard of unpacked records; 1,000/s is the most that it takes, so that 10,000/s are ten of those, each as here.';

/**
 * Counts the table's write units for 1,000 records by design.
 *
 * @param args `--layouts`: instead, what other numbers of buckets come to; `--page-bytes N`: instead, one load with paths
 * of this length; `--json`, with what is behind each figure;
 * `--short`: to see that it works, not what it comes to
 */
export async function benchmarkWrites(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, {
    ...commonOptions,
    layouts: { type: 'boolean' },
    'page-bytes': { type: 'string' },
  });
  const kinds = values.layouts ? layoutKinds : designKinds;
  const pageBytes = parsePageBytes(values['page-bytes']);
  const full = pageBytes !== undefined ? 'paths' : values.layouts ? 'layouts' : 'designs';
  const rows = measure(kinds, efforts[values.short ? 'short' : full], pageBytes);
  printResult(values, { designs: kinds.map(({ name, what, exact }) => ({ name, what, exact })), rows }, () =>
    [...(values.layouts ? [] : [exactness(kinds)]), cut, ...tables(kinds, rows)].join('\n\n'),
  );
}

function parsePageBytes(text: string | undefined): number | undefined {
  const value = numberOption('page-bytes', text, { most: maxValueBytes, whole: true });
  if (value === undefined || value >= leastPageBytes) return value;
  throw new SetupError(`--page-bytes is "${text}"; allowed: ${leastPageBytes} to ${maxValueBytes}`);
}

function measure(
  kinds: readonly DesignKind[],
  { rates, batchSeconds, pages, eventsInFull }: Effort,
  pageBytes: number | undefined,
): Row[] {
  const loads = pages.flatMap((count) =>
    lateShares.flatMap((lateShare) =>
      rates.flatMap((recordsPerSecond) =>
        batchSeconds.map((seconds) => ({
          ...{ pages: count, pageBytes, lateShare, recordsPerSecond },
          batchSeconds: seconds,
        })),
      ),
    ),
  );
  return loads.map((load) => ({
    ...load,
    streams: streamsOf[load.recordsPerSecond]!,
    ...measureHour(load, kinds, eventsInFull === undefined ? {} : { eventsInFull }),
  }));
}

function exactness(kinds: readonly DesignKind[]): string {
  return markdownTable(
    ['design', 'exact when batches come again'],
    kinds.map(({ what, exact }) => [what, `${exact.is ? 'yes' : 'no'}: ${exact.why}`]),
  );
}

/** A table for each scope, number of pages and share of late events. */
function tables(kinds: readonly DesignKind[], rows: readonly Row[]): string[] {
  return scopes.flatMap(({ name: scope }) =>
    [...new Set(rows.map(({ pages }) => pages))].flatMap((pages) =>
      lateShares.map((lateShare) => {
        const columns = rows.filter((row) => row.pages === pages && row.lateShare === lateShare);
        const title = `${scope}, ${pages.toLocaleString('en')} pages, ${lateShare * 100} % late: units for 1,000 records`;
        return `${title}\n\n${unitTable(kinds, scope, columns)}`;
      }),
    ),
  );
}

function unitTable(kinds: readonly DesignKind[], scope: Scope['name'], columns: readonly Row[]): string {
  const head = ({ recordsPerSecond, batchSeconds, recordsPerBatch }: Row): string =>
    `${recordsPerSecond.toLocaleString('en')}/s, ${batchSeconds} s (${recordsPerBatch.toLocaleString('en')} records)`;
  return markdownTable(
    ['design', ...columns.map(head)],
    kinds.map(({ name, what }) => [
      what,
      ...columns.map(({ designs }) => {
        const found = designs.find((design) => design.name === name && design.scope === scope)!;
        return found.unitsPerThousandRecords.toLocaleString('en', {
          minimumFractionDigits: 1,
          maximumFractionDigits: 1,
        });
      }),
    ]),
  );
}
