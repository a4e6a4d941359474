import { parseOptions } from '../../cli/arguments';
import { numberOption, oneOf } from '../../cli/option-values';
import { SetupError } from '../../cli/setup-error';
import { type Dimension, dimensionNamed } from '../../domain/counters/dimensions';
import { markdownTable } from '../markdown-table';
import type { ShardLoad } from '../metered/metered-clicks';
import { type Metered, meterShard, type ShardSettings } from '../metered/metered-shard';
import { commonOptions, printResult } from '../report';

interface Plan extends ShardLoad, Omit<ShardSettings, 'batchRecords'> {
  readonly minutes: number;
}

/** Write and read units for 1,000 records, all of them and by what they are for. */
interface Row extends Plan {
  readonly batchRecords: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly sorts: readonly {
    readonly sort: string;
    readonly writes: number;
    readonly meanBytes: number;
    readonly writeUnits: number;
    readonly readUnits: number;
  }[];
}

/** Until the first compaction is over, so that as much is compacted in what is measured as comes in. */
const warmUpMinutes = 7;
/** The batching window of prod, which opens with the batch's first record. */
const batchSeconds = 5;
/** Of the stages dev and prod. */
const compactionSeconds = [60, 300] as const;

/**
 * Counts the table's units for 1,000 records of one shard: the appender and the compactor themselves, an hour long, on a
 * table that charges as DynamoDB does.
 *
 * @param args `--json`; `--short`: to see that it works; the rest is in `benchmarks.ts`
 */
export async function benchmarkWrites(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, {
    ...commonOptions,
    rate: { type: 'string' },
    pages: { type: 'string' },
    'page-bytes': { type: 'string' },
    late: { type: 'string' },
    'page-buckets': { type: 'string' },
    visitors: { type: 'string' },
    deduplicate: { type: 'boolean' },
    minutes: { type: 'string' },
  });
  const count = (name: string, text: string | undefined, most: number) =>
    numberOption(name, text, { most, whole: true });
  const rate = count('rate', values.rate, 1_000);
  const pages = count('pages', values.pages, 100_000);
  const pageBytes = count('page-bytes', values['page-bytes'], 200);
  const late = values.late === undefined ? undefined : shareOf(values.late);
  const given = {
    ...(pages === undefined ? {} : { pages }),
    ...(late === undefined ? {} : { lateShare: late }),
  };
  const minutes = count('minutes', values.minutes, 1_440);
  const settings = {
    deduplicationSeconds: values.deduplicate ? 300 : 0,
    uniqueVisitors: oneOf('visitors', values.visitors, ['off', 'total', 'page']) ?? 'off',
  } as const;
  const isDefault = rate === undefined && pages === undefined && late === undefined;
  const loads: Pick<Plan, 'recordsPerSecond' | 'pages' | 'lateShare'>[] = [
    ...(rate === undefined ? [10, 100, 1_000] : [rate]).map((recordsPerSecond) => ({
      ...{ recordsPerSecond, pages: 1_000, lateShare: 0 },
      ...given,
    })),
    ...(isDefault
      ? [
          { recordsPerSecond: 1_000, pages: 1_000, lateShare: 0.05 },
          { recordsPerSecond: 1_000, pages: 100_000, lateShare: 0 },
        ]
      : []),
  ];
  const pageBuckets = count('page-buckets', values['page-buckets'], 1_024);
  if (pageBuckets !== undefined) spreadPagesOver(pageBuckets);

  const rows: Row[] = [];
  for (const load of values.short ? loads.slice(0, 1) : loads) {
    for (const seconds of compactionSeconds) {
      const usual = values.short ? 6 : load.recordsPerSecond >= 1_000 ? 12 : 60;
      rows.push(
        await measure({
          ...load,
          ...settings,
          ...(pageBytes === undefined ? {} : { pageBytes }),
          eventsPerRecord: 1,
          compactionSeconds: seconds,
          minutes: minutes ?? usual,
        }),
      );
    }
  }
  printResult(values, { rows }, () => [summaryTable(rows), ...rows.map(sortTable)].join('\n\n'));
}

function shareOf(text: string): number {
  const share = /^(\d+(\.\d+)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  if (share >= 0 && share <= 1) return share;
  throw new SetupError(`--late is "${text}"; allowed: 0 to 1 (a share of the events)`);
}

/** Deltas say their own number of buckets, and are made with what the dimension has by then. */
function spreadPagesOver(buckets: number): void {
  const page: { -readonly [Name in keyof Dimension]: Dimension[Name] } = dimensionNamed('page');
  page.buckets = buckets;
}

async function measure(plan: Plan): Promise<Row> {
  const batchRecords = 1 + Math.floor(plan.recordsPerSecond * batchSeconds);
  const metered = await meterShard(plan, { ...plan, batchRecords }, plan.minutes, warmUpMinutes);
  return { ...plan, batchRecords, ...perThousand(metered) };
}

function perThousand({ records, charges }: Metered): Pick<Row, 'writeUnits' | 'readUnits' | 'sorts'> {
  const thousands = records / 1_000;
  const sorts = [...charges].map(([sort, { writes, writtenBytes, writeUnits, readUnits }]) => ({
    sort,
    writes: writes / thousands,
    meanBytes: writes === 0 ? 0 : writtenBytes / writes,
    writeUnits: writeUnits / thousands,
    readUnits: readUnits / thousands,
  }));
  const sum = (of: 'writeUnits' | 'readUnits') => sorts.reduce((total, sort) => total + sort[of], 0);
  return { writeUnits: sum('writeUnits'), readUnits: sum('readUnits'), sorts };
}

function nameOf({ recordsPerSecond, pages, lateShare }: Row): string {
  const late = lateShare === 0 ? '' : `, ${lateShare * 100} % late`;
  return `${recordsPerSecond.toLocaleString('en')} records/s, ${pages.toLocaleString('en')} pages${late}`;
}

function summaryTable(rows: readonly Row[]): string {
  return markdownTable(
    ['units for 1,000 records', ...compactionSeconds.map((seconds) => `compaction ${seconds} s`)],
    [...new Set(rows.map(nameOf))].map((name) => [
      name,
      ...rows.filter((row) => nameOf(row) === name).map(({ writeUnits }) => writeUnits.toFixed(1)),
    ]),
  );
}

function sortTable(row: Row): string {
  const title = `${nameOf(row)}, compaction ${row.compactionSeconds} s, ${row.minutes} minutes, batches of ${row.batchRecords}; for 1,000 records`;
  const rows = row.sorts.map(({ sort, writes, meanBytes, writeUnits, readUnits }) => [
    sort,
    writes.toFixed(2),
    meanBytes.toFixed(0),
    writeUnits.toFixed(2),
    readUnits.toFixed(2),
  ]);
  return `${title}\n\n${markdownTable(['', 'writes', 'mean bytes', 'write units', 'read units'], rows)}`;
}
