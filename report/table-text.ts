import { printable } from '../cli/terminal-text';
import type { AggregateRow } from './aggregates-reader';
import type { UniqueRow } from './uniques-reader';

type WithoutWindow<Row> = Omit<Row, 'window'> & { readonly window?: string };

/** Rows as a table for people; values are cut to what the terminal's width leaves for them. */
export function tableText(
  rows: readonly (WithoutWindow<AggregateRow> | WithoutWindow<UniqueRow>)[],
  columns: number,
): string {
  if (rows.length === 0) return 'nothing counted in this range\n';
  const [first] = rows;
  const hasWindow = first?.window !== undefined;
  const heads = [...(hasWindow ? ['window'] : []), first!.dimension, countHead(first!)];
  const cells = rows.map(({ window, value, count }) => [
    ...(window === undefined ? [] : [window]),
    printable(value),
    count.toLocaleString('en-US'),
  ]);
  return alignedTable(heads, cells, hasWindow ? 1 : 0, columns);
}

/**
 * Cells in columns, the last one to the right.
 *
 * @param elastic the column that is cut to what the others leave of the width
 */
export function alignedTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  elastic: number,
  columns: number,
): string {
  const widths = heads.map((head, i) =>
    rows.reduce((widest, row) => Math.max(widest, row[i]!.length), head.length),
  );
  const others = widths.reduce((sum, width, i) => sum + (i === elastic ? 0 : width + 2), 0);
  widths[elastic] = Math.max(Math.min(widths[elastic]!, columns - others), 10);
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell.padStart(widths[i]!) : padded(cell, widths[i]!)))
      .join('  ');
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return `${[line(heads), rule, ...rows.map(line)].join('\n')}\n`;
}

/** An estimate says how far off it is, as a rule: a third of estimates are off by more than the standard error. */
function countHead(row: object): string {
  if (!('standardError' in row)) return 'count';
  const { unique, standardError } = row as Pick<UniqueRow, 'unique' | 'standardError'>;
  return `${unique} (±${(standardError * 100).toFixed(1)} %)`;
}

function padded(text: string, width: number): string {
  return text.length <= width ? text.padEnd(width) : `${text.slice(0, width - 1)}…`;
}
