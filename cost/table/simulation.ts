import { lateAfterMs } from '../../domain/click-event';
import { seededRandom } from '../../domain/random';
import { clickPool } from './click-pool';
import type { PooledPage } from './click-reader';
import { counterPart } from './counter-part';
import { recentPart } from './recent-part';
import { recordsOfBatch, type ShardLoad } from './shard-load';
import { type Charges, type DrawnClick, noCharges, type TablePart } from './table-part';
import { uniquePart } from './unique-part';

/** Sorts of items, each of which is a line of the bill. */
export type PartName = 'counters' | 'recentEvents' | 'uniqueVisitors';

export interface Counted {
  readonly batches: number;
  readonly parts: Readonly<Record<PartName, Charges>>;
}

export interface Simulation {
  /** Counts all clicks of so many minutes. */
  run(minutes: number): void;
  /** Counts the clicks of one minute of the hour; what it costs is taken `standsFor` times. */
  runMinute(minute: number, standsFor: number): void;
  /** Lets the clicks of so many minutes pass for nothing, so that the items of the hour are as large as they would be. */
  grow(fromMinute: number, minutes: number): void;
  result(): Counted;
}

const begin = Date.UTC(2026, 0, 1);
const minuteSeconds = 60;
const latestMs = 24 * 3_600_000;

/** A table that nobody else writes to, and a shard whose clicks come in even distances. */
export function createSimulation(load: ShardLoad): Simulation {
  const pool = clickPool(load.pages);
  const random = seededRandom('shard');
  const pageRandom = seededRandom('pages');
  const counters = counterPart(pool);
  const uniques = uniquePart(
    pool,
    ({ unique }) => load.uniqueVisitors === 'page' || load.uniqueVisitors === unique.scope,
  );
  const recent = load.deduplicationSeconds > 0 ? recentPart(load.deduplicationSeconds) : undefined;
  const parts: readonly TablePart[] = [counters, uniques, ...(recent ? [recent] : [])];
  const weightOfMinute = new Map<number, number>();
  const batchRecords = recordsOfBatch(load);
  const batchSeconds = batchRecords / load.recordsPerSecond;
  let batches = 0;
  let drawn = -1;
  let isFirstRound = true;
  let pagesOfRound: PooledPage[] = [];
  let salt = { high: 0, low: 0 };

  const draw = (): DrawnClick => {
    drawn++;
    if (drawn === pool.onTime.length) {
      drawn = 0;
      salt = { high: random.uint32(), low: random.uint32() };
      isFirstRound = false;
      pagesOfRound = [];
    }
    const click = pool.onTime[drawn]!;
    if (isFirstRound || !pool.pickPage) return { click, page: click.page, salt };
    pagesOfRound[click.visit] ??= pool.pickPage(pageRandom);
    return { click, page: pagesOfRound[click.visit]!, salt };
  };
  const batch = (fromSeconds: number, weight: number): void => {
    for (let record = 0; record < batchRecords; record++) {
      const at = begin + (fromSeconds + record / load.recordsPerSecond) * 1_000;
      for (let event = 0; event < load.eventsPerRecord; event++) {
        if (load.lateShare > 0 && random.chance(load.lateShare)) {
          const happenedAt = at - lateAfterMs - random.float() * (latestMs - lateAfterMs);
          const click = random.pick(pool.late);
          const late = { click, page: click.page, salt };
          for (const part of parts) part.addLate(late, happenedAt, at);
        } else {
          const click = draw();
          for (const part of parts) part.add(click, at);
        }
      }
    }
    batches += weight;
    for (const part of parts) part.endBatch(weight);
  };

  return {
    run(minutes) {
      const whole = Math.max(1, Math.floor((minutes * minuteSeconds) / batchSeconds));
      for (let minute = 0; minute < minutes; minute++)
        weightOfMinute.set(begin + minute * minuteSeconds * 1_000, 1);
      const standingFor = (minutes * minuteSeconds) / (whole * batchSeconds);
      for (let index = 0; index < whole; index++) batch(index * batchSeconds, standingFor);
    },
    runMinute(minute, standsFor) {
      const whole = Math.max(1, Math.floor(minuteSeconds / batchSeconds));
      weightOfMinute.set(begin + minute * minuteSeconds * 1_000, standsFor);
      const standingFor = (standsFor * minuteSeconds) / (whole * batchSeconds);
      // Once a minute, a batch lies on its border and counts in two of them.
      const first = minute * minuteSeconds - batchSeconds / 2;
      for (let index = 0; index < whole; index++) batch(first + index * batchSeconds, standingFor);
    },
    grow(fromMinute, minutes) {
      const events = Math.round(minutes * minuteSeconds * load.recordsPerSecond * load.eventsPerRecord);
      const at = begin + fromMinute * minuteSeconds * 1_000;
      for (let event = 0; event < events; event++) {
        const click = draw();
        // Each of them, whatever the others say.
        const grows = parts.map((part) => part.grow(click, at, event));
        if (!grows.includes(true)) break;
      }
    },
    result() {
      const weightOf = (start: number): number => weightOfMinute.get(start) ?? 0;
      return {
        batches,
        parts: {
          counters: counters.charges(weightOf),
          recentEvents: recent?.charges(weightOf) ?? noCharges,
          uniqueVisitors: load.uniqueVisitors === 'off' ? noCharges : uniques.charges(weightOf),
        },
      };
    },
  };
}
