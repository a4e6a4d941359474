import { counted } from '../../cli/counted';
import { printable } from '../../cli/terminal-text';
import type { Backfill } from './backfill';

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
  return `${lines.map(printable).join('\n')}\n`;
}
