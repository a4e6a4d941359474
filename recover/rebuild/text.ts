import type { Rebuild } from './rebuild';

/** What became of a range, for people. */
export function rebuildText(
  { items, sketches, reasons, objectsRead, linesFromStream }: Rebuild,
  dryRun: boolean,
): string {
  const would = dryRun ? 'would be ' : '';
  const lines = [
    `items: ${items.written} ${would}written, ${items.removed} ${would}removed, ${items.right} right already, ${items.expired} expired, ${items.left} left`,
    ...(sketches > 0 ? [`${sketches} items of visitors and sessions written`] : []),
    `read: ${objectsRead} objects of the archive${linesFromStream > 0 ? `, and ${linesFromStream} lines of the stream that it does not have yet` : ''}`,
    ...reasons.map((reason) => `left: ${reason}`),
  ];
  return `${lines.join('\n')}\n`;
}
