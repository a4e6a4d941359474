import type { Outcome } from './transformer';

const lineFeed = 0x0a;
const rejected = Buffer.from('{"rejected":');

/**
 * How many events the archive gets of some records, by its lines: those of records that end with them, and those of an
 * aggregate that goes on. A rejected line of a packed record is in the archive as well, and is no event.
 */
export function archivedEvents(outcomes: readonly Outcome[]): {
  readonly ended: number;
  readonly open: number;
} {
  const lastEnded = outcomes.findLastIndex(({ record }) => record.isLast);
  let ended = 0;
  let open = 0;
  for (const [index, { verdict }] of outcomes.entries()) {
    if (verdict.kind !== 'ok') continue;
    const events = eventsIn(verdict.data);
    if (index <= lastEnded) ended += events;
    else open += events;
  }
  return { ended, open };
}

function eventsIn(lines: Buffer): number {
  let events = 0;
  for (let start = 0; start < lines.length; ) {
    const feed = lines.indexOf(lineFeed, start);
    const end = feed < 0 ? lines.length : feed;
    if (!rejected.equals(lines.subarray(start, start + rejected.length))) events++;
    start = end + 1;
  }
  return events;
}
