import type { ShardRecord } from '../../domain/event/shard-lines';
import { seededRandom } from '../../domain/numbers/random';
import { createClickGenerator } from '../../producer/traffic/click-generator';
import { defaultSite } from '../../producer/traffic/default-site';
import { popularPages } from '../popular-pages';
import { sequenceNumberOf } from '../sequence-numbers';

/** What one shard gets. */
export interface ShardLoad {
  readonly recordsPerSecond: number;
  /** 1, or how many stand in a record as newline-separated JSON. */
  readonly eventsPerRecord: number;
  /** Pages that are visited, the n-th as 1/n. */
  readonly pages: number;
  /** Of a page's path; without it, 10 to 15. */
  readonly pageBytes?: number;
  /** Of the events, those that come an hour to a day late. */
  readonly lateShare: number;
}

export const begin = Date.UTC(2026, 0, 1, 12);
const hourMs = 3_600_000;
const latestMs = 24 * hourMs;

/** The records of one shard, in even distances from `begin` on; the site has many visitors at once. */
export function* meteredRecords(load: ShardLoad): Generator<ShardRecord, never> {
  const { recordsPerSecond, eventsPerRecord, pages, pageBytes, lateShare } = load;
  const random = seededRandom(`late of ${pages} pages`);
  const clicks = createClickGenerator(seededRandom(`clicks of ${pages} pages`), {
    ...defaultSite,
    sessions: { ...defaultSite.sessions, atOnce: 200 },
    pages: popularPages(pages, pageBytes),
  });
  for (let index = 0; ; index++) {
    const arrivedAt = Math.floor(begin + (index / recordsPerSecond) * 1_000);
    const lines = Array.from({ length: eventsPerRecord }, () => {
      const isLate = lateShare > 0 && random.chance(lateShare);
      const at = isLate ? arrivedAt - hourMs - random.below(latestMs - hourMs) : arrivedAt;
      return JSON.stringify(clicks.next(at));
    });
    yield { sequenceNumber: sequenceNumberOf(index), data: Buffer.from(lines.join('\n')), arrivedAt };
  }
}
