import { createClickGenerator } from '../../domain/click-generator';
import { defaultSite } from '../../domain/default-site';
import { type Entry, fold, type ShardRecord } from '../../domain/fold';
import { seededRandom } from '../../domain/random';
import type { SiteModel } from '../../domain/site-model';
import type { WindowSize } from '../../domain/window';

/** Items that differ in the time of their window only. */
export interface ItemKind {
  readonly partitionKey: string;
  readonly window: WindowSize;
}

/** What one event counts in one item. */
export interface Touch {
  /** Index in the pool's kinds. */
  readonly kind: number;
  readonly entry: Entry;
}

export interface ClickPool {
  readonly kinds: readonly ItemKind[];
  /** What each event counts, of events that come as they happen. */
  readonly onTime: readonly (readonly Touch[])[];
  /** The same of events that come too late. */
  readonly late: readonly (readonly Touch[])[];
}

const leastEvents = 20_000;
const lateEvents = 2_000;
const arrivedAt = Date.UTC(2026, 0, 1, 12);
const lateByMs = 2 * 3_600_000;

/** As long as one that CloudFormation names. */
export const simulatedShard = 'clickstream-prod-stream-ClickStream5F03EC02-a1B2c3D4e5F6/shardId-000000000000';

const pools = new Map<number, ClickPool>();

/**
 * Generated clicks of a busy site with so many pages, counted by the product's own `fold`: what every event touches.
 * Made once for each number of pages, since reading events is what takes the time.
 */
export function clickPool(pages: number): ClickPool {
  const known = pools.get(pages);
  if (known) return known;
  const records = clickRecords(Math.max(leastEvents, 2 * pages), pages);
  const kinds: ItemKind[] = [];
  const pool = {
    kinds,
    onTime: touchesOf(records(arrivedAt), kinds),
    late: touchesOf(records(arrivedAt - lateByMs).slice(0, lateEvents), kinds),
  };
  pools.set(pages, pool);
  return pool;
}

/** Clicks that all happened at the time that is asked for, a record each. */
export function clickRecords(count: number, pages: number): (happenedAt: number) => ShardRecord[] {
  return (happenedAt) => {
    const clicks = createClickGenerator(seededRandom(`cost of ${pages} pages`), busySite(pages));
    return Array.from({ length: count }, (_, index) => ({
      sequenceNumber: String(firstSequenceNumber + BigInt(index)),
      data: Buffer.from(JSON.stringify(clicks.next(happenedAt))),
      arrivedAt,
    }));
  };
}

// 56 digits, as those of Kinesis.
const firstSequenceNumber = 49590338271490256608559692538361571095921575989136588898n;

/** The default site with as many pages as asked for, and enough visitors at once to look like many. */
function busySite(pages: number): SiteModel {
  const [product] = defaultSite.pages.filter(({ path }) => path.startsWith('/product/'));
  return {
    ...defaultSite,
    sessions: { ...defaultSite.sessions, atOnce: 2_000 },
    pages: [{ ...product!, path: '/product/{n}', weight: 1, count: pages }],
  };
}

/** What each record touches; kinds that are new are added to `kinds`. */
function touchesOf(records: readonly ShardRecord[], kinds: ItemKind[]): Touch[][] {
  const indexes = new Map(records.map(({ sequenceNumber }, index) => [sequenceNumber, index]));
  const touches = records.map((): Touch[] => []);
  for (const { key, window, entries } of fold(simulatedShard, records).runs) {
    const kind = kindOf(key.pk, window, kinds);
    for (const entry of entries) touches[indexes.get(entry.sequenceNumber)!]!.push({ kind, entry });
  }
  return touches;
}

function kindOf(partitionKey: string, window: WindowSize, kinds: ItemKind[]): number {
  const known = kinds.findIndex((kind) => kind.partitionKey === partitionKey && kind.window === window);
  return known === -1 ? kinds.push({ partitionKey, window }) - 1 : known;
}
