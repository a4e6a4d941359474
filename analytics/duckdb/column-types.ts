import type { ViewColumnType } from '../views';

const types: Readonly<Record<ViewColumnType, string>> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  boolean: 'BOOLEAN',
  time: 'TIMESTAMP',
};

/** What DuckDB calls the type of a column. */
export function duckdbType(type: ViewColumnType): string {
  return types[type];
}
