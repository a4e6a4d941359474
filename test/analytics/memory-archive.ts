import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { ArchiveSource } from '../../analytics/duckdb/archive-copy';
import { openCopy } from '../../analytics/duckdb/archive-copy';
import { type ArrivalRange, type Cell, openSession, type QuerySession } from '../../analytics/duckdb/session';
import { archiveLine } from '../../domain/archive/archive-line';
import { readStreamRecord } from '../../domain/event/record';
import { type ClickOverrides, clickJson } from '../support/click-factory';

const hourOfArrival = 'year=2026/month=03/day=01/hour=10/';

/** A record of the stream, and when the stream took it. */
export interface Sent {
  readonly data: string;
  readonly arrivedAt?: string;
}

/** A bucket in memory; keys begin with `events/` or `errors/`. */
export interface MemoryArchive extends ArchiveSource {
  readonly bodies: Map<string, Buffer>;
  /** How often an object was fetched, by key. */
  readonly fetched: string[];
}

export function memoryArchive(objects: Readonly<Record<string, string | Buffer>> = {}): MemoryArchive {
  const held = new Map(
    Object.entries(objects).map(([key, body]) => [key, typeof body === 'string' ? gzipSync(body) : body]),
  );
  const fetched: string[] = [];
  return {
    bodies: held,
    fetched,
    async *objects(prefix) {
      for (const [key, body] of held) {
        if (!key.startsWith(prefix)) continue;
        const etag = createHash('md5').update(body).digest('hex');
        yield { key, etag, bytes: body.length, writtenAt: Date.parse('2026-03-01T10:30:00Z') };
      }
    },
    async get(key) {
      fetched.push(key);
      return held.get(key);
    },
  };
}

/** Lines as the transformer writes them, one record after the other on one shard. */
export function archiveLines(records: readonly Sent[], shardId = 'shardId-000000000003'): string {
  return records
    .flatMap(({ data, arrivedAt = '2026-03-01T10:00:00.250Z' }, record) => {
      const at = Date.parse(arrivedAt);
      const readings = readStreamRecord(Buffer.from(data), at)[0]!;
      const sequenceNumber = String(49_590_338n * 10n ** 30n + BigInt(record));
      return readings.map((reading, subSequenceNumber) =>
        archiveLine(reading, { arrivedAt: at, shardId, sequenceNumber, subSequenceNumber }).toString(),
      );
    })
    .join('');
}

export function click(overrides: ClickOverrides = {}, arrivedAt?: string): Sent {
  return { data: clickJson(overrides), ...(arrivedAt === undefined ? {} : { arrivedAt }) };
}

export const objectKey = (name: string): string => `events/${hourOfArrival}${name}.gz`;

/** A session over a copy of the archive. */
export async function sessionOver(
  source: ArchiveSource,
  file: string,
  { range, parquetFile }: { readonly range?: ArrivalRange; readonly parquetFile?: string } = {},
): Promise<QuerySession> {
  const copy = await openCopy(file);
  await copy.bring(await copy.plan(source, () => true), source, () => {});
  copy.close();
  return openSession(file, range, parquetFile);
}

/** All rows of a query, as objects. */
export async function rowsOf(session: QuerySession, sql: string): Promise<Record<string, Cell>[]> {
  const { columns, rows } = await session.run(sql);
  const all: Record<string, Cell>[] = [];
  for await (const some of rows) {
    for (const row of some) all.push(Object.fromEntries(columns.map((name, at) => [name, row[at]!])));
  }
  return all;
}
