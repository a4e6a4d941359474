import type { Repair } from './repair';

/** What became of on-failure objects, for people. */
export function repairsText(repairs: readonly Repair[]): string {
  if (repairs.length === 0) return 'There is nothing to repair.\n';
  return `${repairs.flatMap(repairLines).join('\n')}\n`;
}

function repairLines({ key, outcome, reason, records, counted, duplicates, hours }: Repair): string[] {
  const would = outcome === 'would be repaired' ? 'would be ' : '';
  const lines = [`${key}: ${outcome}`];
  if (reason !== undefined) lines.push(`  ${reason}`);
  if (outcome === 'repaired before') return lines;
  if (outcome === 'too early') return [...lines, '  nothing was changed; run again later'];
  if (records > 0) {
    lines.push(
      `  ${records} records, of which ${counted} events ${would}counted now, ${duplicates} as duplicates`,
    );
  }
  lines.push(...hours.map((hour) => `  in the hour ${hour}`));
  if (outcome === 'repaired') lines.push(`  the object is now repaired/${key}`);
  return lines;
}
