import { rename, rm } from 'node:fs/promises';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { sqlText } from './sql-text';

/** What is named in a copy of the archive. */
export interface CopyLayout {
  /** Tables of lines, each with a column `object`. */
  readonly tables: readonly string[];
  /** Makes them, and the table `objects` with its column `key`, in the database in use. */
  readonly make: (connection: DuckDBConnection) => Promise<void>;
}

/**
 * Writes a copy of the archive anew without some objects. Deleted rows would stay in the free blocks of the file, and an
 * object goes, or changes, since it has expired or a visitor was erased from it. Killed, it leaves the file as it was.
 *
 * @param file of the copy, which nobody has open
 */
export async function rewriteWithout(
  file: string,
  keys: readonly string[],
  { tables, make }: CopyLayout,
): Promise<void> {
  const fresh = `${file}.new`;
  await rm(fresh, { force: true });
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
    await connection.run('CREATE TABLE forgotten (key VARCHAR)');
    for (const key of keys) await connection.run('INSERT INTO forgotten VALUES ($1)', [key]);
    await connection.run(`ATTACH ${sqlText(file)} AS before (READ_ONLY)`);
    await connection.run(`ATTACH ${sqlText(fresh)} AS fresh`);
    await connection.run('USE fresh');
    await make(connection);
    const columns: readonly [string, string][] = [
      ['objects', 'key'],
      ...tables.map((table): [string, string] => [table, 'object']),
    ];
    for (const [table, column] of columns) {
      await connection.run(
        `INSERT INTO fresh.${table} FROM before.${table} WHERE ${column} NOT IN (FROM memory.forgotten)`,
      );
    }
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
  await rename(fresh, file);
}
