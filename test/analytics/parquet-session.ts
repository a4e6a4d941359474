import { DuckDBInstance } from '@duckdb/node-api';
import { dialect } from '../../analytics/duckdb/dialect';
import { views } from '../../analytics/views';

export interface ParquetSession {
  /** All rows, as JSON has them. */
  ask(sql: string): Promise<Record<string, unknown>[]>;
  close(): void;
}

/**
 * The views over files of the Parquet copy, as Athena has them.
 *
 * @param glob of the files, in folders of hours
 */
export async function openParquet(glob: string): Promise<ParquetSession> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  for (const macro of dialect) await connection.run(macro);
  await connection.run(
    `CREATE VIEW archive AS SELECT * FROM read_parquet('${glob}', hive_partitioning = true, hive_types_autocast = false)`,
  );
  for (const { name, sql } of views) await connection.run(`CREATE VIEW ${name} AS ${sql}`);
  return {
    async ask(sql) {
      const reader = await connection.runAndReadAll(sql);
      const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);
      return JSON.parse(JSON.stringify(reader.getRowObjectsJS(), plain));
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
