import type { Verification } from '../../producer/ledger/verify';

/** What became of a ledger's events, for people. */
export function ledgerText(verification: Verification): string {
  const { ledger, found, furtherCopies, arrivedAfterAll, archived, counted } = verification;
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
  if (counted !== undefined) lines.push(`counters: ${counted} of them`);
  const more = differences - firstDifferences.length;
  if (differences > 0)
    lines.push(`${differences} differences:`, ...firstDifferences.map((text) => `  ${text}`));
  if (more > 0) lines.push(`  and ${more} more`);
  lines.push(differences === 0 ? 'all is there' : 'NOT all is there');
  return `${lines.join('\n')}\n`;
}
