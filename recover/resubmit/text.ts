import { counted } from '../../cli/counted';
import { printable } from '../../cli/terminal-text';
import type { Resubmission } from './resubmit';

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
  return `${lines.map(printable).join('\n')}\n`;
}
