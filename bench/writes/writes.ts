import { parseOptions } from '../../cli/arguments';
import { numberOption, oneOf, probabilityOption } from '../../cli/option-values';
import { commonOptions, markdownTable, report } from '../report';
import { meterShard, type ShardLoad } from './meter-shard';

/** Units for 1,000 records, all of them and by what they are for. */
interface Row extends ShardLoad {
  readonly minutes: number;
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
 * @param args `--json`; `--short`: six minutes of the first load; the rest is in `benchmarks.ts`
 */
export async function benchmarkWrites(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, {
    ...commonOptions,
    rate: { type: 'string' },
    pages: { type: 'string' },
    late: { type: 'string' },
    visitors: { type: 'string' },
    deduplicate: { type: 'boolean' },
    minutes: { type: 'string' },
  });
  const rate = numberOption('rate', values.rate, { most: 1_000, whole: true });
  const pages = numberOption('pages', values.pages, { most: 100_000, whole: true });
  const lateShare = probabilityOption('late', values.late);
  const minutes = numberOption('minutes', values.minutes, { most: 1_440, whole: true });
  const uniqueVisitors = oneOf('visitors', values.visitors, ['off', 'total', 'page']) ?? 'off';
  const deduplicationSeconds = values.deduplicate ? 300 : 0;

  const usual = { pages: pages ?? 1_000, lateShare: lateShare ?? 0 };
  const rates = rate === undefined ? [10, 100, 1_000] : [rate];
  const loads = rates.map((recordsPerSecond) => ({ recordsPerSecond, ...usual }));
  if (rate === undefined && pages === undefined && lateShare === undefined) {
    loads.push({ recordsPerSecond: 1_000, pages: 1_000, lateShare: 0.05 });
    loads.push({ recordsPerSecond: 1_000, pages: 100_000, lateShare: 0 });
  }

  const rows: Row[] = [];
  for (const load of values.short ? loads.slice(0, 1) : loads) {
    const usualMinutes = values.short ? 6 : load.recordsPerSecond >= 1_000 ? 12 : 60;
    for (const seconds of compactionSeconds) {
      const settings = { compactionSeconds: seconds, deduplicationSeconds, uniqueVisitors };
      const batchRecords = 1 + Math.floor(load.recordsPerSecond * batchSeconds);
      rows.push(
        await measure({ ...load, ...settings, batchRecords, eventsPerRecord: 1 }, minutes ?? usualMinutes),
      );
    }
  }
  report(values, { rows }, () => [summaryTable(rows), ...rows.map(sortTable)].join('\n\n'), []);
}

async function measure(load: ShardLoad, minutes: number): Promise<Row> {
  const { records, charges } = await meterShard(load, minutes, warmUpMinutes);
  const thousands = records / 1_000;
  const sorts = [...charges].map(([sort, { writes, writtenBytes, writeUnits, readUnits }]) => ({
    sort,
    writes: writes / thousands,
    meanBytes: writes === 0 ? 0 : writtenBytes / writes,
    writeUnits: writeUnits / thousands,
    readUnits: readUnits / thousands,
  }));
  const sum = (of: 'writeUnits' | 'readUnits') => sorts.reduce((total, sort) => total + sort[of], 0);
  return { ...load, minutes, writeUnits: sum('writeUnits'), readUnits: sum('readUnits'), sorts };
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
    ...[sort, writes.toFixed(2), meanBytes.toFixed(0), writeUnits.toFixed(2), readUnits.toFixed(2)],
  ]);
  return `${title}\n\n${markdownTable(['', 'writes', 'mean bytes', 'write units', 'read units'], rows)}`;
}
