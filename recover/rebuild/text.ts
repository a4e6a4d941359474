import type { Rebuild } from './rebuild';

/** What became of a range, for people. */
export function rebuildText(
  { corrected, deltas, left, reasons, objectsRead, linesFromStream }: Rebuild,
  dryRun: boolean,
): string {
  const lines = [
    `${corrected} values of windows ${dryRun ? 'would be corrected' : `corrected in ${deltas} deltas`}, ${left} left`,
    `read: ${objectsRead} objects of the archive${linesFromStream > 0 ? `, and ${linesFromStream} lines of the stream that it does not have yet` : ''}`,
    ...reasons.map((reason) => `left: ${reason}`),
  ];
  return `${lines.join('\n')}\n`;
}
