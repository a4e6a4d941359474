import { counted } from '../cli/counted';
import type { SoakResult } from './soak';

/** What was injected and survived, for people: everything was, or it cannot be told. */
export function resultTable(result: SoakResult): string {
  const { acts, injected, broken, exact, comparison, agreement, ledgers, problems } = result;
  const services = byServiceAndFault(injected);
  const rows = [...Object.entries(acts), ...Object.entries(services)].map(([fault, count]) => [
    fault,
    String(count),
    exact ? String(count) : '?',
  ]);
  const ledger = (name: 'accepted' | 'failed' | 'ambiguous') =>
    ledgers.reduce((sum, each) => sum + each.ledger[name], 0);
  const copies = ledgers.reduce((sum, { furtherCopies }) => sum + furtherCopies, 0);
  return [
    ...table(['fault', 'injected', 'survived'], rows),
    '',
    `Broken invocations: ${listed(broken)}`,
    `Ledgers: ${ledger('accepted')} accepted, ${ledger('failed')} failed, ${ledger('ambiguous')} ambiguous; ${counted(copies, 'further copy', 'further copies')} in the stream`,
    `Stream: ${counted(comparison.events, 'event')}, ${comparison.valid} valid (${counted(comparison.duplicates, 'duplicate')}), ${comparison.invalid} invalid`,
    `Archive: ${counted(comparison.archivedLines, 'line')}, ${comparison.archivedAgain} of them delivered again`,
    `On-failure objects: ${counted(agreement.onFailure, 'record')}`,
    exact
      ? 'Everything agrees.'
      : `NOT everything agrees:\n${problems.map((text) => `  ${text}`).join('\n')}`,
    `Seed ${result.seed}; everything is in ${result.folder}`,
    '',
  ].join('\n');
}

/** Operations added up: the JSON result has each. */
function byServiceAndFault(injected: SoakResult['injected']): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, count] of Object.entries(injected)) {
    const [service, , ...fault] = name.split(' ');
    const short = `${service}: ${fault.join(' ')}`;
    sums[short] = (sums[short] ?? 0) + count;
  }
  return sums;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((text, column) => Math.max(text.length, ...rows.map((row) => row[column]!.length)));
  return [head, ...rows].map((row) =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!)))
      .join('  '),
  );
}

function listed(counts: Readonly<Record<string, number>>): string {
  const texts = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return texts.length > 0 ? texts.join(', ') : 'none';
}
