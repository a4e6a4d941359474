import { counted as count } from '../../cli/counted';
import { printable } from '../../cli/terminal-text';
import type { Repair } from './repair';

/** What became of on-failure objects, for people. */
export function repairsText(repairs: readonly Repair[]): string {
  if (repairs.length === 0) return 'There is nothing to repair.\n';
  return `${repairs.flatMap(repairLines).map(printable).join('\n')}\n`;
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
      `  ${count(records, 'record')}, of which ${count(events, 'event')} ${would}counted now, ${duplicates} as duplicates`,
    );
  }
  for (const hour of hours.slice(0, hoursShown)) lines.push(`  in the hour ${hour}`);
  if (hours.length > hoursShown) lines.push(`  and in ${hours.length - hoursShown} more`);
  if (outcome === 'repaired') lines.push(`  the object is now repaired/${key}`);
  return lines;
}
