import { counted } from '../cli/counted';
import { page } from '../cli/terminal-text';
import { differenceText } from '../reconcile/counter-differences';
import type { Verification } from '../reconcile/ledger';
import type { Backfill } from './backfill/backfill';
import type { Rebuild } from './rebuild/rebuild';
import type { Repair } from './repair/repair';
import type { Resubmission } from './resubmit/resubmit';
import type { RangeVerification } from './verify/verify-range';

/** What became of a range, for people. */
export function backfillText(result: Backfill, dryRun: boolean): string {
  const { lines: written, objects, notYet, forgottenBefore, settled, left } = result;
  const lines = [
    dryRun
      ? `${counted(written, 'line')} would be written, into ${counted(objects, 'object')}`
      : `${counted(written, 'line')} written, in ${counted(objects, 'object')}`,
  ];
  for (const key of settled)
    lines.push(`${dryRun ? 'would be settled' : 'settled, now below backfilled/'}: ${key}`);
  if (notYet > 0) {
    lines.push(
      `not yet: the delivery stream may still come to ${counted(notYet, 'record')}; run again in an hour`,
    );
  }
  if (forgottenBefore !== undefined) {
    lines.push(`the stream has forgotten what arrived before ${new Date(forgottenBefore).toISOString()}`);
  }
  for (const { key, records } of left) {
    lines.push(`left: ${key}: ${counted(records, 'record')} that the stream does not hold in this range`);
  }
  return page(lines);
}

/** What became of a range, for people. */
export function rebuildText(
  { corrected, deltas, left, reasons, objectsRead, linesFromStream }: Rebuild,
  dryRun: boolean,
): string {
  const lines = [
    `${counted(corrected, 'value')} of windows ${dryRun ? 'would be corrected' : `corrected in ${counted(deltas, 'delta')}`}, ${left} left`,
    `read: ${counted(objectsRead, 'object')} of the archive${linesFromStream > 0 ? `, and ${counted(linesFromStream, 'line')} of the stream that it does not have (yet)` : ''}`,
    ...reasons.map((reason) => `left: ${reason}`),
  ];
  return page(lines);
}

/** What became of on-failure objects, for people. */
export function repairsText(repairs: readonly Repair[]): string {
  if (repairs.length === 0) return 'There is nothing to repair.\n';
  return page(repairs.flatMap(repairLines));
}

/** A batch may have events of as many hours as it has events. */
const hoursShown = 48;

function repairLines({
  key,
  outcome,
  reason,
  records,
  counted: events,
  duplicates,
  hours,
}: Repair): string[] {
  const would = outcome === 'would be repaired' ? 'would be ' : '';
  const lines = [`${key}: ${outcome}`];
  if (reason !== undefined) lines.push(`  ${reason}`);
  if (outcome === 'repaired before') return lines;
  if (outcome === 'too early') return [...lines, '  nothing was changed; run again later'];
  if (records > 0) {
    lines.push(
      `  ${counted(records, 'record')}, of which ${counted(events, 'event')} ${would}counted now, ${duplicates} as duplicates`,
    );
  }
  for (const hour of hours.slice(0, hoursShown)) lines.push(`  in the hour ${hour}`);
  if (hours.length > hoursShown) lines.push(`  and in ${hours.length - hoursShown} more`);
  if (outcome === 'repaired') lines.push(`  the object is now repaired/${key}`);
  return lines;
}

const doubtsShown = 20;

/** What became of an object's rejected lines, for people. */
export function resubmissionText(resubmission: Resubmission, dryRun: boolean): string {
  const { key, lines: rejected, sent, sentBefore, inDoubt, left, fault } = resubmission;
  const more = inDoubt.length - doubtsShown;
  const lines = [
    `${key}: ${counted(rejected, 'rejected line')}`,
    `  ${sent} ${dryRun ? 'would be sent' : 'sent'}, ${sentBefore} sent before`,
    ...(inDoubt.length > 0 ? [`  ${inDoubt.length} in doubt, and not sent again:`] : []),
    ...inDoubt.slice(0, doubtsShown).map((place) => `    ${place}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
    ...Object.entries(left).map(([reason, count]) => `  ${counted(count, 'stays', 'stay')}: ${reason}`),
    ...(fault === undefined ? [] : [`  ended before all was sent: ${fault}`]),
  ];
  return page(lines);
}

/** What was compared, for people. */
export function rangeText(verification: RangeVerification): string {
  const { exact, items, events, differences, firstDifferences, givenUp, notCompared } = verification;
  const { failedObjects } = verification;
  const { objectsRead, linesFromStream } = verification;
  const lines = [
    `${counted(items, 'item')} with ${counted(events, 'event')} compared with ${counted(objectsRead, 'object')} of the archive`,
    ...(linesFromStream > 0
      ? [`and with ${counted(linesFromStream, 'line')} of the stream that it does not have (yet)`]
      : []),
    ...notCompared.map((text) => `not compared: ${text}`),
    ...firstDifferences.map((difference) => `  ${differenceText(difference, 'archived')}`),
  ];
  const more = differences - firstDifferences.length;
  if (more > 0) lines.push(`and ${more} more`);
  if (differences > 0) lines.push(counted(differences, 'difference'));
  if (givenUp > 0)
    lines.push(
      `${counted(givenUp, 'event was', 'events were')} given up and ${givenUp === 1 ? 'is' : 'are'} not counted: recover list, recover repair`,
    );
  if (failedObjects > 0) {
    lines.push(
      `${counted(failedObjects, 'object')} below errors/ may hold what the archive lacks: recover backfill`,
    );
  }
  if (exact) lines.push('the counters are what the archive says');
  return page(lines);
}

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
  return page(lines);
}
