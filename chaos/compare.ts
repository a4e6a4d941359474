import { gunzipSync } from 'node:zlib';
import { type LocalPipeline, readLocalPipeline } from '../cli/local-pipeline';
import { createClients } from '../local/adapters/clients';
import { readObjects } from '../local/adapters/s3-objects';
import { systemClock } from '../producer/clock';
import { createKinesisClient } from '../producer/kinesis-client';
import { streamRecords } from '../producer/ledger/stream-records';
import { runCommand } from './child';
import { countIndependently, type Totals } from './independent-count';

/** What the pipeline holds against what it should, in words where they differ. */
export interface Comparison {
  readonly events: number;
  readonly valid: number;
  readonly invalid: number;
  readonly duplicates: number;
  readonly archivedLines: number;
  /** Lines that are in the archive more than once, which at-least-once delivery allows. */
  readonly archivedAgain: number;
  readonly differences: readonly string[];
}

interface ReportRow {
  readonly value: string;
  readonly window?: string;
  readonly count: number;
}

/** Compares stream, counters and archive by a count of our own. The services must be up at the addresses of `dataDir`. */
export async function compareIndependently(dataDir: string, logFile: string): Promise<Comparison> {
  const where = await readLocalPipeline(dataDir);
  const { deduplicationSeconds } = where.aggregation;
  const client = createKinesisClient({
    region: where.region,
    credentials: where.credentials,
    endpoint: where.endpoints.kinesis,
  });
  const totals = await countIndependently(
    streamRecords(where.stream, { client, clock: systemClock }),
    deduplicationSeconds,
  );
  client.destroy();
  const report = (dimension: string, ...args: string[]) => readReport(dataDir, dimension, args, logFile);
  const hours = new Map((await report('total')).map(({ window = '', count }) => [window, count]));
  const pages = new Map((await report('page', '--top', '100000')).map(({ value, count }) => [value, count]));
  const archive = await readArchive(where);
  const differences = [
    ...differencesBetween('total', totals.validByHour, hours),
    ...differencesBetween('page', totals.byPage, pages),
    ...differencesBetween('invalid', sumOf(totals.invalid), sumOf(sum(await report('invalid')))),
    ...differencesBetween('late', sumOf(totals.late), sumOf(sum(await report('late')))),
    ...(deduplicationSeconds > 0
      ? differencesBetween('duplicate', sumOf(totals.duplicates), sumOf(sum(await report('duplicate'))))
      : []),
    ...differencesBetween('archived copies of', tally(totals.eventIds), tally(archive.eventIds)),
  ];
  return {
    events: totals.eventIds.length + totals.invalid,
    valid: totals.eventIds.length,
    invalid: totals.invalid,
    duplicates: totals.duplicates,
    archivedLines: archive.lines,
    archivedAgain: archive.lines - archive.distinct,
    differences,
  };
}

async function readReport(
  dataDir: string,
  dimension: string,
  args: readonly string[],
  logFile: string,
): Promise<ReportRow[]> {
  const { code, stdout, stderr } = await runCommand(
    'report/cli.ts',
    ['--local', dataDir, '--dimension', dimension, '--json', ...args],
    logFile,
  );
  if (code !== 0) throw new Error(`the report of ${dimension} failed: ${stderr}`);
  return JSON.parse(stdout) as ReportRow[];
}

interface Archive {
  /** Good events, a copy for each place in the stream. */
  readonly eventIds: readonly string[];
  readonly lines: number;
  readonly distinct: number;
}

async function readArchive({ endpoints, region, buckets }: LocalPipeline): Promise<Archive> {
  const clients = createClients(endpoints, region);
  const places = new Set<string>();
  const eventIds: string[] = [];
  let lines = 0;
  try {
    for await (const { key, body } of readObjects(clients.s3, buckets.archive)) {
      if (!key.startsWith('events/')) continue;
      for (const text of gunzipSync(body).toString().trimEnd().split('\n')) {
        const line = JSON.parse(text) as Readonly<Record<string, unknown>>;
        const place = `${line.shardId} ${line.sequenceNumber} ${line.subSequenceNumber}`;
        lines++;
        if (places.has(place)) continue;
        places.add(place);
        if (!('rejected' in line)) eventIds.push(String(line.eventId));
      }
    }
  } finally {
    clients.destroy();
  }
  return { eventIds, lines, distinct: places.size };
}

const differencesShown = 5;

function differencesBetween(
  what: string,
  wanted: ReadonlyMap<string, number>,
  found: ReadonlyMap<string, number>,
): string[] {
  const texts: string[] = [];
  for (const value of new Set([...wanted.keys(), ...found.keys()])) {
    const [should, is] = [wanted.get(value) ?? 0, found.get(value) ?? 0];
    if (should !== is) texts.push(`${what} ${value}: ${is}, and the stream has ${should}`);
  }
  const more = texts.length - differencesShown;
  return [...texts.slice(0, differencesShown), ...(more > 0 ? [`${what}: and ${more} more`] : [])];
}

function sum(rows: readonly ReportRow[]): number {
  return rows.reduce((total, { count }) => total + count, 0);
}

function sumOf(count: number): Map<string, number> {
  return new Map([['in all', count]]);
}

function tally(values: Totals['eventIds'] | readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
