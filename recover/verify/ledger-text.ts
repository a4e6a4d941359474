import { counted } from '../../cli/counted';
import { printable } from '../../cli/terminal-text';
import type { Verification } from '../../reconcile/ledger';

/** What became of a ledger's events, for people. */
export function ledgerText(verification: Verification): string {
  const { ledger, found, furtherCopies, arrivedAfterAll, archived, notYet } = verification;
  const { differences, firstDifferences } = verification;
  const lines = [
    `ledger: ${ledger.accepted} accepted, ${ledger.failed} failed, ${ledger.ambiguous} ambiguous`,
    `stream: ${found} accepted events are where the ledger says; ${furtherCopies} further copies of them`,
  ];
  if (ledger.failed + ledger.ambiguous > 0) {
    const { failed, ambiguous } = arrivedAfterAll;
    lines.push(`        not accepted, but there: ${failed} failed, ${ambiguous} ambiguous`);
  }
  if (archived !== undefined) lines.push(`archive: ${archived} of them`);
  if (verification.counted !== undefined) lines.push(`counters: ${verification.counted} of them`);
  const more = differences - firstDifferences.length;
  if (differences > 0)
    lines.push(`${counted(differences, 'difference')}:`, ...firstDifferences.map((text) => `  ${text}`));
  if (more > 0) lines.push(`  and ${more} more`);
  if (notYet) {
    const parts = [
      ...(notYet.archive > 0 ? [`${counted(notYet.archive, 'event')} in the archive`] : []),
      ...(notYet.counters > 0 ? [`${counted(notYet.counters, 'event')} in the counters`] : []),
    ];
    lines.push(`not yet there: ${parts.join(', ')}; by ${notYet.dueBy} at the latest`);
  }
  if (differences > 0) lines.push('NOT all is there');
  else lines.push(notYet ? 'all is there, or on its way' : 'all is there');
  return `${lines.map(printable).join('\n')}\n`;
}
