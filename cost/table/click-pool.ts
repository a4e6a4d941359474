import { createClickGenerator } from '../../domain/click-generator';
import { defaultSite } from '../../domain/default-site';
import type { ShardRecord } from '../../domain/fold';
import { type Random, seededRandom, weightedPick } from '../../domain/random';
import type { SiteModel } from '../../domain/site-model';
import {
  type CounterKind,
  createClickReader,
  type PooledClick,
  type PooledPage,
  type PooledSketch,
  type UniqueKind,
} from './click-reader';
import { pathOfPage, popularPages } from './popular-pages';
import { sequenceNumberOf } from './simulated-shard';

export interface ClickPool {
  readonly counterKinds: readonly CounterKind[];
  readonly uniqueKinds: readonly UniqueKind[];
  /** Attributes of sketches. */
  readonly sketches: readonly string[];
  /** Sketches that every click adds to, whatever its page. */
  readonly site: readonly PooledSketch[];
  readonly pages: number;
  /** Draws one by its popularity; undefined if the clicks have shown nearly all pages that there are. */
  readonly pickPage: ((random: Random) => PooledPage) | undefined;
  /** Clicks that come as they happen. */
  readonly onTime: readonly PooledClick[];
  /** Clicks that come too late. */
  readonly late: readonly PooledClick[];
}

const eventsPerPage = 20;
const leastEvents = 5_000;
const mostEvents = 20_000;
const lateEvents = 2_000;
const arrivedAt = Date.UTC(2026, 0, 1, 12);
const lateByMs = 2 * 3_600_000;

const pools = new Map<number, ClickPool>();

/**
 * Generated clicks of a site with so many pages, read by the product's own `fold`. Made once for each number of pages,
 * since reading is what takes the time.
 */
export function clickPool(pages: number): ClickPool {
  const known = pools.get(pages);
  if (known) return known;
  const records = clickRecords(pages);
  const reader = createClickReader();
  const onTime = reader.read(records(arrivedAt));
  const pool: ClickPool = {
    ...reader.kinds,
    site: reader.site,
    pages,
    onTime,
    late: reader.read(records(arrivedAt - lateByMs).slice(0, lateEvents)),
    pickPage: pages * eventsPerPage > mostEvents ? pagePicker(pages, reader.pageNamed) : undefined,
  };
  pools.set(pages, pool);
  return pool;
}

function pagePicker(pages: number, pageNamed: (path: string) => PooledPage) {
  const ranks = Array.from({ length: pages }, (_, index) => index + 1);
  const pickRank = weightedPick(ranks, (rank) => 1 / rank)!;
  const byRank: PooledPage[] = [];
  return (random: Random): PooledPage => {
    const rank = pickRank(random);
    byRank[rank] ??= pageNamed(pathOfPage(rank));
    return byRank[rank];
  };
}

/**
 * The pool's clicks as they are sent, all said to have happened at the time that is asked for.
 *
 * @param count further ones follow those of the pool
 */
export function clickRecords(
  pages: number,
  count = Math.min(mostEvents, Math.max(leastEvents, eventsPerPage * pages)),
): (happenedAt: number) => ShardRecord[] {
  return (happenedAt) => {
    const clicks = createClickGenerator(seededRandom(`cost of ${pages} pages`), busySite(pages));
    return Array.from({ length: count }, (_, index) => ({
      sequenceNumber: sequenceNumberOf(index),
      data: Buffer.from(JSON.stringify(clicks.next(happenedAt))),
      arrivedAt,
    }));
  };
}

/** The default site with as many pages as asked for, and some more visitors. */
function busySite(pages: number): SiteModel {
  return {
    ...defaultSite,
    sessions: { ...defaultSite.sessions, atOnce: 200 },
    pages: popularPages(pages),
  };
}
