import { gunzipSync } from 'node:zlib';
import { type LocalPipeline, readLocalPipeline } from '../cli/local-pipeline';
import { createClients } from '../emulators/clients';
import { readObjects } from '../local/adapters/s3-objects';
import { readAggregates } from '../report/aggregates-reader';
import { dynamoLogTable } from '../table/log-table';
import { countIndependently, type Totals } from './independent-count';
import { streamRecords } from './stream-records';

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

/** Compares stream, counters and archive by a count of our own. The services must be up at the addresses of `dataDir`. */
export async function compareIndependently(dataDir: string): Promise<Comparison> {
  const where = await readLocalPipeline(dataDir);
  const { deduplicationSeconds } = where.aggregation;
  const clients = createClients(where.endpoints, where.region);
  const totals = await countIndependently(
    streamRecords(clients.kinesis, where.stream),
    deduplicationSeconds,
  ).finally(clients.destroy);
  const hours = await countersOf(where, 'total', ({ window }) => window);
  const pages = await countersOf(where, 'page', ({ value }) => value);
  const sumOf = (dimension: string) => countersOf(where, dimension, () => inAll);
  const archive = await readArchive(where);
  const differences = [
    ...differencesBetween('total', totals.validByHour, hours),
    ...differencesBetween('page', totals.byPage, pages),
    ...differencesBetween('invalid', only(totals.invalid), await sumOf('invalid')),
    ...differencesBetween('late', only(totals.late), await sumOf('late')),
    ...differencesBetween('duplicate', only(totals.duplicates), await sumOf('duplicate')),
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

const inAll = 'in all';

function only(count: number): Map<string, number> {
  return new Map(count > 0 ? [[inAll, count]] : []);
}

/** The hourly counters of a dimension, added up by what `keyOf` says. */
async function countersOf(
  { endpoints, region, table }: LocalPipeline,
  dimension: string,
  keyOf: (row: { readonly window: string; readonly value: string }) => string,
): Promise<Map<string, number>> {
  const clients = createClients(endpoints, region);
  try {
    const options = { table: dynamoLogTable(clients.dynamodb, table), now: Date.now };
    const sums = new Map<string, number>();
    for (const row of await readAggregates({ dimension, window: 'hour' }, options))
      sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + row.count);
    return sums;
  } finally {
    clients.destroy();
  }
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

function tally(values: Totals['eventIds'] | readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
