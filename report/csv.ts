import { printable } from '../cli/terminal-text';

const lineEnd = '\r\n';

/** A spreadsheet would run it as a formula; the wide forms count as well. */
const formula = /^[=+\-@\uff1d\uff0b\uff0d\uff20]/;

/**
 * Rows as CSV (RFC 4180) with the names of their members as its head. What begins like a formula gets an apostrophe
 * before it, since values come from visitors; what a terminal acts upon becomes U+FFFD. JSON has values as they are.
 */
export function csvText(columns: readonly string[], rows: readonly object[]): string {
  const lines = rows.map((row) => csvLine(columns.map((name) => Reflect.get(row, name))));
  return [csvLine(columns), ...lines].join('');
}

/** One line of it, its end included. What is undefined is an empty cell. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(cell).join(',')}${lineEnd}`;
}

function cell(value: unknown): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value);
  const text = printable(value);
  const harmless = formula.test(text) ? `'${text}` : text;
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
