import type { Repair } from './repair';

/** What became of on-failure objects, for people. */
export function repairsText(repairs: readonly Repair[]): string {
  if (repairs.length === 0) return 'There is nothing to repair.\n';
  return `${repairs.flatMap(repairLines).join('\n')}\n`;
}

function repairLines(repair: Repair): string[] {
  const { key, outcome, reasons, records, items, sketches, windows, objectsRead, linesFromStream } = repair;
  const lines = [`${key}: ${outcome}`, ...reasons.map((reason) => `  ${reason}`)];
  if (outcome === 'archive behind') return [...lines, '  nothing was changed; run again later'];
  if (outcome === 'repaired before') return lines;
  if (outcome === 'left') {
    const written = items.written + items.removed;
    return [
      ...lines,
      written === 0 ? '  nothing was changed' : `  ${written} items were put right before that`,
    ];
  }
  const would = outcome === 'would be repaired' ? 'would be ' : '';
  lines.push(
    `  ${records} records; items: ${items.written} ${would}written, ${items.removed} ${would}removed, ${items.right} right already, ${items.expired} expired`,
    ...(sketches > 0 ? [`  ${sketches} items of visitors and sessions ${would}written`] : []),
    `  read: ${objectsRead} objects of the archive${linesFromStream > 0 ? `, and ${linesFromStream} lines of the stream that it does not have yet` : ''}`,
    ...windows.map((window) => `  ${would === '' ? 'put right' : 'wrong'}: ${window}`),
  );
  if (outcome === 'repaired') lines.push(`  the object is now repaired/${key}`);
  return lines;
}
