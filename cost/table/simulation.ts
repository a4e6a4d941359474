import { lateAfterMs } from '../../domain/click-event';
import { planWrite } from '../../domain/counter-write';
import type { Entry } from '../../domain/fold';
import { type Random, seededRandom } from '../../domain/random';
import { type WindowSize, windowStart } from '../../domain/window';
import { type ClickPool, clickPool, type Touch } from './click-pool';
import { storedOverheadBytes, writeUnits } from './item-size';
import { recordsOfBatch, type ShardLoad } from './shard-load';
import { createItem, type SimulatedItem } from './simulated-item';

export interface Counted {
  readonly batches: number;
  /** Updates that the aggregator sends, those that are refused among them. */
  readonly writes: number;
  readonly writeUnits: number;
  /** Of the items that were made, as storage is charged, by window. */
  readonly storedBytes: Readonly<Record<WindowSize, number>>;
}

export interface Simulation {
  /** Counts all clicks of a time, in seconds from the beginning; what it costs is taken `weight` times. */
  run(from: number, to: number, weight: number): void;
  /** Counts `events` clicks at a time for nothing, so that the items of that hour are as large as they would be. */
  grow(at: number, events: number): void;
  result(): Counted;
}

interface TimedItem {
  readonly kind: number;
  readonly window: WindowSize;
  readonly start: number;
  readonly item: SimulatedItem;
  /** What the batch under way has for it. */
  entries: Entry[];
}

const begin = Date.UTC(2026, 0, 1);
const latestMs = 24 * 3_600_000;

/** A table that nobody else writes to, and a shard whose clicks come in even distances. */
export function createSimulation(load: ShardLoad): Simulation {
  const pool = clickPool(load.pages);
  const random = seededRandom('shard');
  const items: TimedItem[] = [];
  /** Of each kind, the item of the window that was counted in last. */
  const latest: TimedItem[] = [];
  const weightOfMinute = new Map<number, number>();
  /** By kind, writes to items of windows that are over. */
  const lateWrites = new Map<number, number>();
  const batchRecords = recordsOfBatch(load);
  let batches = 0;
  let writes = 0;
  let units = 0;
  let drawn = -1;

  const draw = (): readonly Touch[] => {
    drawn = (drawn + 1) % pool.onTime.length;
    return pool.onTime[drawn]!;
  };
  const itemOf = (kind: number, starts: Starts): TimedItem => {
    const { partitionKey, window } = pool.kinds[kind]!;
    const known = latest[kind];
    if (known?.start === starts[window]) return known;
    const item = createItem(partitionKey, window);
    const made: TimedItem = { kind, window, start: starts[window], item, entries: [] };
    items.push(made);
    latest[kind] = made;
    return made;
  };
  const count = ({ item, entries }: TimedItem, weight: number): void => {
    let rest: readonly Entry[] = entries;
    let held: Parameters<typeof planWrite>[1];
    while (rest.length > 0) {
      const write = planWrite(rest, held);
      const written = item.apply(write);
      writes += weight;
      units += weight * writeUnits(item.bytes());
      if (written) rest = rest.slice(write.entries);
      held = written ? undefined : item.held();
    }
  };
  const batch = (fromSeconds: number, weight: number): void => {
    const touched: TimedItem[] = [];
    const late = new Map<string, number>();
    for (let record = 0; record < batchRecords; record++) {
      const at = begin + (fromSeconds + record / load.recordsPerSecond) * 1_000;
      const starts = startsAt(at);
      for (let event = 0; event < load.eventsPerRecord; event++) {
        if (load.lateShare > 0 && random.chance(load.lateShare)) {
          for (const [id, kind] of lateItems(pool, at, random)) late.set(id, kind);
          continue;
        }
        for (const { kind, entry } of draw()) {
          const item = itemOf(kind, starts);
          if (item.entries.length === 0) touched.push(item);
          item.entries.push(entry);
        }
      }
    }
    batches += weight;
    for (const item of touched) {
      count(item, weight);
      item.entries = [];
    }
    for (const kind of late.values()) lateWrites.set(kind, (lateWrites.get(kind) ?? 0) + weight);
  };

  return {
    run(from, to, weight) {
      const seconds = batchRecords / load.recordsPerSecond;
      const whole = Math.max(1, Math.round((to - from) / seconds));
      const standingFor = (weight * (to - from)) / (whole * seconds);
      for (let second = from; second < to; second += 60) {
        weightOfMinute.set(windowStart('minute', begin + second * 1_000), weight);
      }
      for (let index = 0; index < whole; index++) batch(from + index * seconds, standingFor);
    },
    grow(at, events) {
      const starts = startsAt(begin + at * 1_000);
      for (let left = events; left > 0; left--) {
        for (const { kind, entry } of draw()) {
          if (pool.kinds[kind]!.window === 'hour') itemOf(kind, starts).item.grow(entry.value);
        }
      }
    },
    result() {
      const weightOf = ({ window, start }: TimedItem): number =>
        window === 'hour' ? 1 : (weightOfMinute.get(start) ?? 0);
      const storedBytes = { minute: 0, hour: 0 };
      for (const timed of items) {
        storedBytes[timed.window] += weightOf(timed) * (timed.item.bytes() + storedOverheadBytes);
      }
      const closed = meanBytes(items, weightOf);
      let lateUnits = 0;
      let lateUpdates = 0;
      for (const [kind, weight] of lateWrites) {
        lateUpdates += weight;
        lateUnits += weight * writeUnits(closed.get(kind) ?? 0);
      }
      return { batches, writes: writes + lateUpdates, writeUnits: units + lateUnits, storedBytes };
    },
  };
}

type Starts = Readonly<Record<WindowSize, number>>;

function startsAt(at: number): Starts {
  return { minute: windowStart('minute', at), hour: windowStart('hour', at) };
}

/**
 * The items that an event of one hour to a day before `at` counts in, each with its kind. Their windows have long
 * been over, so that they are as large as items of their kind get.
 */
function* lateItems(pool: ClickPool, at: number, random: Random): Generator<[string, number]> {
  const happenedAt = at - lateAfterMs - random.float() * (latestMs - lateAfterMs);
  for (const { kind } of random.pick(pool.late)) {
    yield [`${kind}|${windowStart(pool.kinds[kind]!.window, happenedAt)}`, kind];
  }
}

/** The size of an item when its window is over, by kind. */
function meanBytes(items: readonly TimedItem[], weightOf: (item: TimedItem) => number): Map<number, number> {
  const sums = new Map<number, { bytes: number; weight: number }>();
  for (const timed of items) {
    const weight = weightOf(timed);
    const { bytes, weight: others } = sums.get(timed.kind) ?? { bytes: 0, weight: 0 };
    sums.set(timed.kind, { bytes: bytes + weight * timed.item.bytes(), weight: others + weight });
  }
  return new Map([...sums].map(([kind, { bytes, weight }]) => [kind, weight === 0 ? 0 : bytes / weight]));
}
