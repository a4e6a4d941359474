import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBTypeId,
  type JS,
  JSDuckDBValueConverter,
} from '@duckdb/node-api';
import { views } from '../views';
import { copiedTables } from './archive-copy';
import { dialect } from './dialect';
import { sqlText } from './sql-text';

/** Arrivals in epoch milliseconds; the end is not included. */
export interface ArrivalRange {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export interface QueryResult {
  readonly columns: readonly string[];
  /** Some rows at a time, as they are found. */
  readonly rows: AsyncIterable<readonly (readonly Cell[])[]>;
}

/** What a query answers, as JSON has it: times as ISO 8601, whole numbers beyond 2^53 as text. */
export type Cell = string | number | boolean | null | readonly Cell[] | { readonly [name: string]: Cell };

export interface QuerySession {
  /**
   * Runs one statement.
   *
   * @throws Error of DuckDB, whose message says what is wrong with the statement and where
   */
  run(sql: string): Promise<QueryResult>;
  /** Writes what a query finds as Parquet, to the file that the session was opened with. */
  writeParquet(sql: string): Promise<void>;
  /** Ends what is running; it throws. */
  interrupt(): void;
  close(): void;
}

/**
 * Opens a copy of the archive for queries. They see its tables and views and nothing else: the copy cannot be written to,
 * and no file can be read or written but `parquetFile`.
 *
 * @param file of the copy
 */
export async function openSession(
  file: string,
  range: ArrivalRange = {},
  parquetFile?: string,
): Promise<QuerySession> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run(`ATTACH ${sqlText(file)} AS copy (READ_ONLY)`);
  // What does not fit into memory. DuckDB lets queries into it, too, and takes .tmp of the current directory by itself.
  const temporary = await mkdtemp(join(tmpdir(), 'clickstream-query-'));
  await connection.run(`SET temp_directory = ${sqlText(join(temporary, 'spilled'))}`);
  for (const macro of dialect) await connection.run(macro);
  for (const table of copiedTables) {
    await connection.run(
      `CREATE VIEW ${table} AS SELECT * EXCLUDE (object) FROM copy.${table} ${table === 'archive' ? arrivingIn(range) : ''}`,
    );
  }
  for (const { name, sql } of views) await connection.run(`CREATE VIEW ${name} AS ${sql}`);
  if (parquetFile !== undefined) await connection.run(`SET allowed_paths = [${sqlText(parquetFile)}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  return {
    run: async (sql) => stream(connection, await questionIn(connection, sql)),
    async writeParquet(sql) {
      const question = withoutEnd(await questionIn(connection, sql));
      await connection.run(
        `COPY (${question}\n) TO ${sqlText(parquetFile!)} (FORMAT parquet, USE_TMP_FILE false)`,
      );
    },
    interrupt: () => connection.interrupt(),
    close() {
      connection.closeSync();
      instance.closeSync();
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}

/** The archive prints all arrivals alike, so that their order as text is their order in time. */
function arrivingIn({ from, to }: ArrivalRange): string {
  const bounds = [
    ...(from === undefined ? [] : [`arrivedAt >= '${new Date(from).toISOString()}'`]),
    ...(to === undefined ? [] : [`arrivedAt < '${new Date(to).toISOString()}'`]),
  ];
  return bounds.length === 0 ? '' : `WHERE ${bounds.join(' AND ')}`;
}

const questions = /^(?:select|with|from|values|describe|desc|show|summarize|\()/i;
const explanation = /^explain\s+(?:analyze\s+|\([^)]*\)\s*)?/i;
const comments = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/;

/** The one statement of a text, if it asks for something: anything else might change the session, or end the process. */
async function questionIn(connection: DuckDBConnection, sql: string): Promise<string> {
  // With `analyze`, what is explained is done.
  if (!questions.test(sql.replace(comments, '').replace(explanation, ''))) {
    throw new Error('allowed: one question, such as SELECT, WITH, DESCRIBE or EXPLAIN');
  }
  const { count } = await connection.extractStatements(sql);
  if (count !== 1) throw new Error(`these are ${count} statements; allowed: one question`);
  return sql;
}

/** A statement without the semicolon that ends it, for use within another. */
export function withoutEnd(sql: string): string {
  return sql.replace(/[\s;]+$/, '');
}

async function stream(connection: DuckDBConnection, sql: string): Promise<QueryResult> {
  const result = await connection.stream(sql);
  const isDate = result.columnTypes().map(({ typeId }) => typeId === DuckDBTypeId.DATE);
  async function* rows() {
    for (
      let chunk = await result.fetchChunk();
      chunk && chunk.rowCount > 0;
      chunk = await result.fetchChunk()
    ) {
      yield chunk.convertRows(JSDuckDBValueConverter).map((row) =>
        row.map((value, column) => {
          const cell = plain(value);
          return isDate[column] && typeof cell === 'string' ? cell.slice(0, 'YYYY-MM-DD'.length) : cell;
        }),
      );
    }
  }
  return { columns: result.columnNames(), rows: rows() };
}

/** As JSON has it; a number that a double does not hold becomes text. */
function plain(value: JS | null): Cell {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? String(value) : value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part as JS)]));
  }
  return value as Cell;
}
