import { gunzipSync } from 'node:zlib';
import { readLocalPipeline } from '../cli/local-pipeline';
import { type Clients, createClients } from '../emulators/clients';
import { readObjects } from '../local/adapters/s3-objects';
import { readAggregates } from '../report/aggregates-reader';
import { dynamoLogTable } from '../table/log-table';
import { countIndependently, tally } from './independent-count';
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
  const clients = createClients(where.endpoints, where.region);
  try {
    const records = streamRecords(clients.kinesis, where.stream);
    const totals = await countIndependently(records, where.aggregation.deduplicationSeconds);
    const { validByHour, byPage, invalid, late, duplicates, eventIds } = totals;
    const options = { table: dynamoLogTable(clients.dynamodb, where.table), now: Date.now };
    /** The hourly counters of a dimension, added up by window or value. */
    const counters = async (dimension: string, by?: 'window' | 'value') => {
      const sums = new Map<string, number>();
      for (const row of await readAggregates({ dimension, window: 'hour' }, options)) {
        const key = by === undefined ? inAll : row[by];
        sums.set(key, (sums.get(key) ?? 0) + row.count);
      }
      return sums;
    };
    const archive = await readArchive(clients, where.buckets.archive);
    return {
      events: eventIds.length + invalid,
      valid: eventIds.length,
      invalid,
      duplicates,
      archivedLines: archive.lines,
      archivedAgain: archive.lines - archive.distinct,
      differences: [
        ...differencesBetween('total', validByHour, await counters('total', 'window')),
        ...differencesBetween('page', byPage, await counters('page', 'value')),
        ...differencesBetween('invalid', only(invalid), await counters('invalid')),
        ...differencesBetween('late', only(late), await counters('late')),
        ...differencesBetween('duplicate', only(duplicates), await counters('duplicate')),
        ...differencesBetween('archived copies of', tally(eventIds), tally(archive.eventIds)),
      ],
    };
  } finally {
    clients.destroy();
  }
}

const inAll = 'in all';

function only(count: number): Map<string, number> {
  return new Map(count > 0 ? [[inAll, count]] : []);
}

interface Archive {
  /** Good events, a copy for each place in the stream. */
  readonly eventIds: readonly string[];
  readonly lines: number;
  readonly distinct: number;
}

async function readArchive({ s3 }: Clients, bucket: string): Promise<Archive> {
  const places = new Set<string>();
  const eventIds: string[] = [];
  let lines = 0;
  for await (const { body } of readObjects(s3, bucket, ['events/'])) {
    for (const text of gunzipSync(body).toString().trimEnd().split('\n')) {
      const line = JSON.parse(text) as Readonly<Record<string, unknown>>;
      const place = `${line.shardId} ${line.sequenceNumber} ${line.subSequenceNumber}`;
      lines++;
      if (places.has(place)) continue;
      places.add(place);
      if (!('rejected' in line)) eventIds.push(String(line.eventId));
    }
  }
  return { eventIds, lines, distinct: places.size };
}

const differencesShown = 5;

function differencesBetween(
  what: string,
  expected: ReadonlyMap<string, number>,
  stored: ReadonlyMap<string, number>,
): string[] {
  const texts = [...new Set([...expected.keys(), ...stored.keys()])].flatMap((value) => {
    const [should, is] = [expected.get(value) ?? 0, stored.get(value) ?? 0];
    return should === is ? [] : [`${what} ${value}: ${is}, and the stream has ${should}`];
  });
  const more = texts.length - differencesShown;
  return [...texts.slice(0, differencesShown), ...(more > 0 ? [`${what}: and ${more} more`] : [])];
}
