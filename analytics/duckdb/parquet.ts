import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ColumnType } from '../../domain/archive/columns';
import { linesIn } from '../../domain/archive/lines-in';
import { membersOf } from './json-lines';
import { sqlText } from './sql-text';
import { wellFormedLines } from './well-formed';

/** A column of a Parquet file. */
export interface ParquetColumn {
  readonly name: string;
  /** The member of a line that it holds. */
  readonly member: string;
  readonly type: ColumnType;
}

/**
 * Lines of JSON as one Parquet file, as far as the conversion of a delivery stream is documented: members without a column
 * are left out, and a column of texts holds what stands there as a text, whatever it is.
 *
 * @param body lines, each ending in a line feed
 * @throws Error if a line does not fit into the columns
 */
export async function parquetOf(body: Buffer, columns: readonly ParquetColumn[]): Promise<Buffer> {
  const text = wellFormedLines(body);
  const members = columns.map(({ member, type }) => ({ name: member, type }));
  const selected = columns.map(({ member, name }) => `"${member}" AS "${name}"`).join(', ');
  return copied(
    text,
    (from, to) =>
      `COPY (SELECT ${selected} FROM (${membersOf(from, members, true)})) TO ${to} (FORMAT parquet, COMPRESSION snappy)`,
  );
}

/**
 * The rows of a Parquet file as lines of JSON, with their members in the order of the columns. What is null is left out, and
 * so is a column that the file does not have, since it was written before there was one.
 *
 * @throws Error if it is no such file
 */
export async function linesOfParquet(body: Buffer, columns: readonly ParquetColumn[]): Promise<Buffer> {
  const rows = await copied(body, (from, to) => `COPY (FROM read_parquet(${from})) TO ${to} (FORMAT json)`);
  const lines = [...linesIn(rows)].map((line) => {
    const row = JSON.parse(line.toString()) as Readonly<Record<string, unknown>>;
    const members = columns.map(({ name, member }) => [member, row[name] ?? undefined] as const);
    return `${JSON.stringify(Object.fromEntries(members))}\n`;
  });
  return Buffer.from(lines.join(''));
}

/** What DuckDB makes of one file: it reads and writes no buffers. */
async function copied(body: Buffer, statement: (from: string, to: string) => string): Promise<Buffer> {
  // Loaded when it is needed: it takes more than all the rest of a pipeline.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const folder = await mkdtemp(join(tmpdir(), 'clickstream-parquet-'));
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
    const [from, to] = [join(folder, 'from'), join(folder, 'to')];
    await writeFile(from, body, { mode: 0o600 });
    await connection.run(statement(sqlText(from), sqlText(to)));
    connection.closeSync();
    return await readFile(to);
  } finally {
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}
