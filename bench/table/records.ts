import { sequenceNumberOf } from '../../cost/table/simulated-shard';
import { windowMs } from '../../domain/counters/window';
import { lateAfterMs } from '../../domain/event/click-event';
import type { ShardRecord } from '../../domain/fold';
import { seededRandom } from '../../domain/numbers/random';
import { createClickGenerator } from '../../producer/traffic/click-generator';
import { defaultSite } from '../../producer/traffic/default-site';

export interface RecordsOptions {
  readonly count: number;
  readonly pages: number;
  /** Of the events, those that come an hour to a day late. */
  readonly lateShare: number;
}

const begin = Date.UTC(2026, 0, 1, 12, 0, 57, 500);
const recordsPerSecond = 1_000;

/** Clicks of one shard on pages whose popularity falls as 1/rank; they come across the border of a minute. */
export function recordsOf({ count, pages, lateShare }: RecordsOptions): ShardRecord[] {
  const product = { path: '/product/{n}', weight: 1, count: pages, elements: ['add-to-cart'], links: {} };
  const clicks = createClickGenerator(seededRandom('table'), { ...defaultSite, pages: [product] });
  const random = seededRandom('late');
  return Array.from({ length: count }, (_, index) => {
    const arrivedAt = begin + Math.floor((index / recordsPerSecond) * 1_000);
    const late = random.chance(lateShare) ? lateAfterMs + random.float() * 23 * windowMs.hour : 0;
    return {
      sequenceNumber: sequenceNumberOf(index),
      data: Buffer.from(JSON.stringify(clicks.next(Math.floor(arrivedAt - late)))),
      arrivedAt,
    };
  });
}
