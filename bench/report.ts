import type { ParseArgsOptionsConfig } from 'node:util';
import { machine } from './machine';

/** What every benchmark takes: `--json` for machines; `--short` to see that it works and is right, not how fast. */
export const commonOptions = {
  json: { type: 'boolean' },
  short: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig;

/** Prints what was measured, and on what machine: one JSON document on a line, or text in Markdown. */
export function printResult(
  { json }: { readonly json?: boolean | undefined },
  result: object,
  text: () => string,
): void {
  process.stdout.write(
    json ? `${JSON.stringify({ machine: machine(), ...result })}\n` : `${machine()}\n\n${text().trimEnd()}\n`,
  );
}

/** Prints what was measured of each batch in so many rounds, and fails the benchmark if an output was wrong. */
export function reportBatches<Batch extends { readonly results: readonly Checked[] }>(
  options: Parameters<typeof printResult>[0],
  rounds: number,
  batches: readonly Batch[],
  table: (batch: Batch) => string,
): void {
  printResult(options, { rounds, batches }, () => [`${rounds} rounds`, ...batches.map(table)].join('\n\n'));
  mustBeRight(batches.flatMap(({ results }) => results));
}

interface Checked {
  readonly name: string;
  readonly right: boolean;
}

/** Fails the benchmark, after it has printed everything, if an output was wrong: its times then mean nothing. */
export function mustBeRight(results: readonly Checked[]): void {
  const wrong = results.filter(({ right }) => !right).map(({ name }) => name);
  if (wrong.length === 0) return;
  process.stderr.write(`bench: wrong output of ${wrong.join(', ')}\n`);
  process.exitCode = 1;
}
