import { counted } from '../cli/counted';
import { printable, printableJson } from '../cli/terminal-text';
import { csvLine } from '../report/csv';
import { alignedTable } from '../report/table-text';
import type { OutputFormat } from './command-line';
import type { Cell, QueryResult } from './duckdb/session';

/** More rows than anybody reads on a terminal; `--csv` and `--json` have them all. */
const mostRows = 1_000;
const widestCell = 60;

/**
 * Prints what a query found.
 *
 * @param write resolves when more may be written
 * @param columns the width of the terminal
 */
export async function printAnswer(
  { columns: found, rows }: QueryResult,
  format: OutputFormat,
  write: (text: string) => Promise<void>,
  columns: number,
): Promise<void> {
  const names = apart(found);
  if (format === 'table') return write(await tableOf(names, rows, columns));
  if (format === 'csv') {
    await write(csvLine(names));
    for await (const some of rows) await write(some.map((row) => csvLine(row.map(asValue))).join(''));
    return;
  }
  let isFirst = true;
  await write('[');
  for await (const some of rows) {
    const objects = some.map((row) =>
      printableJson(Object.fromEntries(names.map((name, at) => [name, row[at]]))),
    );
    await write(`${isFirst ? '' : ','}\n${objects.join(',\n')}`);
    isFirst = false;
  }
  await write(isFirst ? ']\n' : '\n]\n');
}

/** An object has each name once: the second `a` is `a_2`. */
function apart(names: readonly string[]): string[] {
  return names.map((name, at) => {
    const before = names.slice(0, at).filter((other) => other === name).length;
    return before === 0 ? name : `${name}_${before + 1}`;
  });
}

async function tableOf(
  names: readonly string[],
  rows: QueryResult['rows'],
  columns: number,
): Promise<string> {
  const cells: string[][] = [];
  let isMore = false;
  for await (const some of rows) {
    for (const row of some) {
      if (cells.length < mostRows)
        cells.push(row.map((value) => cut(printable(String(asValue(value) ?? '')))));
      else isMore = true;
    }
    if (isMore) break;
  }
  if (names.length === 0) return '';
  alignNumbers(names, cells);
  const widths = fitted(names, cells, columns);
  const fitting = (row: readonly string[]) => row.map((cell, at) => cut(cell, widths[at]!));
  const table = alignedTable(
    fitting(names),
    cells.map(fitting),
    0,
    Math.max(
      columns,
      widths.reduce((a, b) => a + b + 2, 0),
    ),
  );
  const count = isMore
    ? `the first ${mostRows} rows; --csv or --json has them all`
    : counted(cells.length, 'row');
  return `${table}${count}\n`;
}

const between = 2;
const narrowest = 8;

/** Widths of columns that fit into a terminal, as far as that goes: the widest give way. */
function fitted(names: readonly string[], cells: readonly (readonly string[])[], columns: number): number[] {
  const widths = names.map((name, at) =>
    cells.reduce((most, row) => Math.max(most, row[at]!.length), name.length),
  );
  for (;;) {
    const widest = widths.reduce((a, b) => Math.max(a, b), 0);
    const tooMuch = widths.reduce((sum, width) => sum + width + between, -between) - columns;
    if (tooMuch <= 0 || widest <= narrowest) return widths;
    widths[widths.indexOf(widest)] = Math.max(widest - tooMuch, Math.floor(widest / 2), narrowest);
  }
}

/** To the right, as they are compared. */
function alignNumbers(names: readonly string[], cells: readonly string[][]): void {
  for (const [at, name] of names.entries()) {
    if (!cells.every((row) => /^(?:-?[\d.]+(?:e[+-]?\d+)?)?$/i.test(row[at]!))) continue;
    const width = cells.reduce((most, row) => Math.max(most, row[at]!.length), name.length);
    for (const row of cells) row[at] = row[at]!.padStart(width);
  }
}

function cut(text: string, width = widestCell): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** Lists and structures as JSON. */
function asValue(value: Cell | undefined): string | number | boolean | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : value;
}
