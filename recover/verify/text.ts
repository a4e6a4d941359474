import { counted } from '../../cli/counted';
import { printable } from '../../cli/terminal-text';
import { differenceText } from '../../reconcile/counter-differences';
import type { RangeVerification } from './verify-range';

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
  return `${lines.map(printable).join('\n')}\n`;
}
