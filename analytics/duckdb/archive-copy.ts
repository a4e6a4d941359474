import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { SetupError } from '../../cli/setup-error';
import { archivePrefix, processingFailedPrefix } from '../../contract/bucket-prefixes';
import { archiveColumns, type Column, errorColumns, partitionColumns } from '../../domain/archive/columns';
import { linesIn, unpacked } from '../../domain/archive/lines-in';
import { duckdbType } from './column-types';
import { membersOf } from './json-lines';
import { rewriteWithout } from './rewritten-copy';
import { wellFormedLines } from './well-formed';

/** An object of the bucket. */
export interface ArchivedObject {
  readonly key: string;
  /** Changes with its content. */
  readonly etag: string;
  readonly bytes: number;
  /** Epoch milliseconds at which it was written. */
  readonly writtenAt: number;
}

/** The archive's bucket, as far as a copy is made of it. */
export interface ArchiveSource {
  /** Every object whose key begins with a prefix. */
  objects(prefix: string): AsyncIterable<ArchivedObject>;
  /** As it is stored; undefined if it went meanwhile. */
  get(key: string): Promise<Buffer | undefined>;
}

/** What a copy lacks, or has too much of. */
export interface CopyPlan {
  readonly toFetch: readonly ArchivedObject[];
  readonly toForget: readonly string[];
}

interface CopiedTable {
  readonly name: string;
  /** What its objects' keys begin with. */
  readonly prefix: string;
  readonly columns: readonly Column[];
  /** What every line has that the pipeline wrote. */
  readonly always: string;
}

const tables: readonly CopiedTable[] = [
  { name: 'archive', prefix: archivePrefix, columns: archiveColumns, always: 'sequenceNumber' },
  { name: 'errors', prefix: processingFailedPrefix, columns: errorColumns, always: 'rawData' },
];

/** The tables of a copy, each with a column `object`, the key of the object that a line is of. */
export const copiedTables: readonly string[] = tables.map(({ name }) => name);

/** Fetched and loaded at a time, so that an interruption loses little and memory stays small. */
const batchBytes = 32 * 1024 * 1024;
const parallel = 8;

/** Another process has the copy open. */
export class CopyInUse extends SetupError {}

/** The archive's lines in a database file of DuckDB. Queries open the file read-only, so that none can change it. */
export interface ArchiveCopy {
  /**
   * Compares the bucket with the copy.
   *
   * @param isWanted whether an object may hold what is asked for
   */
  plan(source: ArchiveSource, isWanted: (object: ArchivedObject) => boolean): Promise<CopyPlan>;
  /**
   * Brings the copy up to date, some objects at a time: what is aborted goes on with the next call.
   *
   * @param onProgress told of the objects and bytes that are in
   * @returns lines that were passed over, since they are none of the pipeline
   */
  bring(
    plan: CopyPlan,
    source: ArchiveSource,
    onProgress: (objects: number, bytes: number) => void,
    signal?: AbortSignal,
  ): Promise<number>;
  close(): void;
}

/**
 * Opens the copy in a file, or begins it.
 *
 * @throws SetupError if another process is writing to it, or the file is none of DuckDB
 */
export async function openCopy(file: string): Promise<ArchiveCopy> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  let { instance, connection } = await openTables(file);
  const close = (): void => {
    connection.closeSync();
    instance.closeSync();
  };
  return {
    async plan(source, isWanted) {
      const reader = await connection.runAndReadAll('SELECT key, etag FROM objects');
      const known = new Map(reader.getRows().map(([key, etag]) => [String(key), String(etag)]));
      const toFetch: ArchivedObject[] = [];
      const present = new Map<string, string>();
      for (const { prefix } of tables) {
        for await (const object of source.objects(prefix)) {
          present.set(object.key, object.etag);
          if (isWanted(object) && known.get(object.key) !== object.etag) toFetch.push(object);
        }
      }
      const toForget = [...known].filter(([key, etag]) => present.get(key) !== etag).map(([key]) => key);
      return { toFetch, toForget };
    },
    async bring({ toFetch, toForget }, source, onProgress, signal) {
      if (toForget.length > 0) {
        close();
        await rewriteWithout(file, toForget, { tables: copiedTables, make: makeTables });
        ({ instance, connection } = await openTables(file));
      }
      let [objects, bytes, passedOver] = [0, 0, 0];
      for (const batch of batchesOf(toFetch)) {
        signal?.throwIfAborted();
        const folder = await mkdtemp(join(tmpdir(), 'clickstream-query-'));
        try {
          const fetched = await fetchAll(batch, source, folder);
          await connection.run('BEGIN');
          let loaded = 0;
          for (const { object, path } of fetched) {
            loaded += await load(connection, tableOf(object.key), object, path);
          }
          await connection.run('COMMIT');
          passedOver += fetched.reduce((sum, { lines }) => sum + lines, 0) - loaded;
        } catch (error) {
          await connection.run('ROLLBACK').catch(() => {});
          throw error;
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
        objects += batch.length;
        bytes += batch.reduce((sum, object) => sum + object.bytes, 0);
        onProgress(objects, bytes);
      }
      return passedOver;
    },
    close,
  };
}

async function openTables(
  file: string,
): Promise<{ readonly instance: DuckDBInstance; readonly connection: DuckDBConnection }> {
  const instance = await openDatabase(file);
  const connection = await instance.connect();
  await makeTables(connection);
  return { instance, connection };
}

async function openDatabase(file: string): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (/conflicting lock/i.test(reason)) {
      throw new CopyInUse(
        `${file} is in use by another query that brings it up to date; try again when it is done`,
      );
    }
    if (!existsSync(file)) throw error;
    throw new SetupError(
      `${file} cannot be opened (${reason.split('\n')[0]}); it is a copy only: delete it and run again`,
    );
  }
}

async function makeTables(connection: DuckDBConnection): Promise<void> {
  await connection.run(
    'CREATE TABLE IF NOT EXISTS objects (key VARCHAR PRIMARY KEY, etag VARCHAR NOT NULL, bytes BIGINT NOT NULL)',
  );
  for (const { name, columns } of tables) {
    const definitions = [...columns, ...partitionColumns].map(
      ({ name: column, type }) => `"${column}" ${duckdbType(type)}`,
    );
    await connection.run(
      `CREATE TABLE IF NOT EXISTS ${name} (object VARCHAR NOT NULL, ${definitions.join(', ')})`,
    );
    // A copy of before a column was added is made anew.
    const held = await connection.runAndReadAll(`SELECT * FROM ${name} LIMIT 0`);
    if (
      held.columnNames().join() ===
      ['object', ...columns.map((one) => one.name), ...partitionColumns.map((one) => one.name)].join()
    )
      continue;
    await connection.run(`DROP TABLE ${name}`);
    await connection.run('DELETE FROM objects');
    return makeTables(connection);
  }
}

async function fetchAll(batch: readonly ArchivedObject[], source: ArchiveSource, folder: string) {
  const fetched: { readonly object: ArchivedObject; readonly path: string; readonly lines: number }[] = [];
  const waiting = [...batch.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, object] = next;
      const body = await source.get(object.key);
      if (!body) continue;
      const path = join(folder, `${index}.json`);
      const text = wellFormedLines(unpacked(body));
      await writeFile(path, text, { mode: 0o600 });
      let lines = 0;
      for (const _ of linesIn(text)) lines++;
      fetched.push({ object, path, lines });
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return fetched;
}

async function load(
  connection: DuckDBConnection,
  { name, columns, always }: CopiedTable,
  { key, etag, bytes }: ArchivedObject,
  path: string,
): Promise<number> {
  const partition = partitionColumns.map(({ name: column }) => partitionValue(key, column));
  const { rowsChanged } = await connection.run(
    // What is no JSON, which the pipeline does not write, is passed over.
    `INSERT INTO ${name} SELECT $1, *, $2, $3, $4, $5 FROM (${membersOf('$6', columns, false)})
    WHERE ${always} IS NOT NULL`,
    [key, ...partition, path],
  );
  await connection.run('INSERT INTO objects VALUES ($1, $2, $3)', [key, etag, bytes]);
  return rowsChanged;
}

function tableOf(key: string): CopiedTable {
  return tables.find(({ prefix }) => key.startsWith(prefix))!;
}

function partitionValue(key: string, column: string): string {
  return new RegExp(`/${column}=(\\d+)/`).exec(key)?.[1] ?? '';
}

function* batchesOf(objects: readonly ArchivedObject[]): Generator<ArchivedObject[]> {
  let batch: ArchivedObject[] = [];
  let bytes = 0;
  for (const object of objects) {
    if (batch.length > 0 && bytes + object.bytes > batchBytes) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(object);
    bytes += object.bytes;
  }
  if (batch.length > 0) yield batch;
}
