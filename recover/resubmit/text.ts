import type { Resubmission } from './resubmit';

/** What became of an error object's records, for people. */
export function resubmissionText(resubmission: Resubmission, dryRun: boolean): string {
  const { key, records, sent, sentBefore, inDoubt, left, fault } = resubmission;
  const lines = [
    `${key}: ${records} records`,
    `  ${sent} ${dryRun ? 'would be sent' : 'sent'}, ${sentBefore} sent before`,
    ...(inDoubt.length > 0
      ? [
          `  in doubt, and not sent again: records ${inDoubt.join(', ')} ("recover show" has them in order, from 0)`,
        ]
      : []),
    ...Object.entries(left).map(([reason, count]) => `  ${count} stay: ${reason}`),
    ...(fault === undefined ? [] : [`  ended before all was sent: ${fault}`]),
  ];
  return `${lines.join('\n')}\n`;
}
