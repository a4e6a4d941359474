import { counted } from '../../cli/counted';
import { printable } from '../../cli/terminal-text';
import type { Rebuild } from './rebuild';

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
  return `${lines.map(printable).join('\n')}\n`;
}
