import { cpus } from 'node:os';
import type { ParseArgsOptionsConfig } from 'node:util';

/** What every benchmark takes: `--json` for machines; `--short` to see that it works and is right, not how fast. */
export const commonOptions = {
  json: { type: 'boolean' },
  short: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig;

/**
 * Prints what was measured, and on what machine: one JSON document on a line, or text in Markdown. Then fails the
 * benchmark if an output was wrong.
 */
export function report(
  { json }: { readonly json?: boolean | undefined },
  result: object,
  text: () => string,
  checked: readonly { readonly name: string; readonly right: boolean }[],
): void {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
  process.stdout.write(
    json ? `${JSON.stringify({ machine, ...result })}\n` : `${machine}\n\n${text().trimEnd()}\n`,
  );
  const wrong = checked.filter(({ right }) => !right).map(({ name }) => name);
  if (wrong.length === 0) return;
  process.stderr.write(`bench: wrong output of ${wrong.join(', ')}\n`);
  process.exitCode = 1;
}

/** A table in Markdown: the first column to the left, the others, figures, to the right. */
export function markdownTable(
  heads: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [
    line(heads),
    line(heads.map((_, column) => (column === 0 ? '---' : '--:'))),
    ...rows.map(line),
  ].join('\n');
}
