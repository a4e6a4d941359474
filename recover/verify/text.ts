import type { Difference, RangeVerification } from './verify-range';

/** What was compared, for people. */
export function rangeText(verification: RangeVerification): string {
  const { items, events, differences, firstDifferences, objectsRead, linesFromStream, notCompared } =
    verification;
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
  lines.push(differences === 0 ? 'the counters are what the archive says' : `${differences} differences`);
  return `${lines.join('\n')}\n`;
}

function differenceText({ dimension, window, start, shardId, value, counted, archived }: Difference): string {
  const where = shardId === undefined ? 'all shards' : shardId;
  return `  ${dimension} ${value}, ${window} ${start}, ${where}: ${counted} counted, ${archived} archived`;
}
