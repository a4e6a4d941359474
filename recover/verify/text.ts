import type { Difference, RangeVerification } from './verify-range';

/** What was compared, for people. */
export function rangeText(verification: RangeVerification): string {
  const { exact, items, events, differences, firstDifferences, givenUp, notCompared } = verification;
  const { objectsRead, linesFromStream } = verification;
  const lines = [
    `${items} items with ${events} events compared with ${objectsRead} objects of the archive`,
    ...(linesFromStream > 0
      ? [`and with ${linesFromStream} lines of the stream that it does not have yet`]
      : []),
    ...notCompared.map((text) => `not compared: ${text}`),
    ...firstDifferences.map(differenceText),
  ];
  const more = differences - firstDifferences.length;
  if (more > 0) lines.push(`and ${more} more`);
  if (differences > 0) lines.push(`${differences} differences`);
  if (givenUp > 0)
    lines.push(`${givenUp} events were given up and are not counted: recover list, recover repair`);
  if (exact) lines.push('the counters are what the archive says');
  return `${lines.join('\n')}\n`;
}

function differenceText({ dimension, window, start, shardId, value, counted, archived }: Difference): string {
  return `  ${dimension} ${value}, ${window} ${start}, ${shardId}: ${counted} counted, ${archived} archived`;
}
