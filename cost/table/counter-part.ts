import type { Entry } from '../../domain/fold';
import { type WindowSize, windowStart } from '../../domain/window';
import type { ClickPool } from './click-pool';
import type { PooledPage } from './click-reader';
import { storedOverheadBytes, writeUnits } from './item-size';
import { createItem, type SimulatedItem, writeEntries } from './simulated-item';
import type { TablePart } from './table-part';

/** Clicks after which an item has the values that it will have; where pages are drawn anew, for each of them. */
const growing = 5_000;
const growingByPage = 20;

interface TimedItem {
  readonly kind: number;
  readonly window: WindowSize;
  readonly start: number;
  readonly item: SimulatedItem;
  /** What the batch under way has for it. */
  entries: Entry[];
}

/** The counters: an update for each item that a batch touches, planned by the product's own `planWrite`. */
export function counterPart(pool: ClickPool): TablePart {
  const growingPages = pool.pickPage ? growingByPage * pool.pages : growing;
  const items: TimedItem[] = [];
  /** Of each kind, the item of the window that was counted in last. */
  const latest: TimedItem[] = [];
  /** Writes to items of windows that are long over, by kind. */
  const lateWrites = new Map<number, number>();
  let touched: TimedItem[] = [];
  let late = new Map<string, number>();
  let writes = 0;
  let units = 0;

  const itemOf = (kind: number, at: number): TimedItem => {
    const { partitionKey, window } = pool.counterKinds[kind]!;
    const start = windowStart(window, at);
    const known = latest[kind];
    if (known?.start === start) return known;
    const made = { kind, window, start, item: createItem(partitionKey, window), entries: [] };
    items.push(made);
    latest[kind] = made;
    return made;
  };
  const count = ({ item, entries }: TimedItem, weight: number): void => {
    writeEntries(item, entries, () => {
      writes += weight;
      units += weight * writeUnits(item.bytes());
    });
  };
  const growHours = (counted: PooledPage['counted'], at: number): void => {
    for (const { kind, entry } of counted) {
      if (pool.counterKinds[kind]!.window === 'hour') itemOf(kind, at).item.grow(entry.value);
    }
  };

  return {
    add({ click, page }, at) {
      for (const counted of [click.counted, page.counted]) {
        for (const { kind, entry } of counted) {
          const item = itemOf(kind, at);
          if (item.entries.length === 0) touched.push(item);
          item.entries.push(entry);
        }
      }
    },
    addLate({ click, page }, happenedAt) {
      for (const counted of [click.counted, page.counted]) {
        for (const { kind } of counted) {
          late.set(`${kind}|${windowStart(pool.counterKinds[kind]!.window, happenedAt)}`, kind);
        }
      }
    },
    endBatch(weight) {
      for (const item of touched) {
        count(item, weight);
        item.entries = [];
      }
      for (const kind of late.values()) lateWrites.set(kind, (lateWrites.get(kind) ?? 0) + weight);
      touched = [];
      late = new Map();
    },
    grow({ click, page }, at, others) {
      if (others < growing) growHours(click.counted, at);
      if (others >= growingPages) return false;
      growHours(page.counted, at);
      return true;
    },
    charges(weightOfMinute) {
      const weightOf = ({ window, start }: TimedItem): number =>
        window === 'hour' ? 1 : weightOfMinute(start);
      const storedBytes = { minute: 0, hour: 0, recent: 0 };
      for (const timed of items) {
        storedBytes[timed.window] += weightOf(timed) * (timed.item.bytes() + storedOverheadBytes);
      }
      const closed = closedBytes(items, weightOf);
      let lateUnits = 0;
      let lateUpdates = 0;
      for (const [kind, weight] of lateWrites) {
        lateUpdates += weight;
        lateUnits += weight * writeUnits(closed.get(kind) ?? 0);
      }
      return { writes: writes + lateUpdates, writeUnits: units + lateUnits, readUnits: 0, storedBytes };
    },
  };
}

/** The size of an item when its window is over, by kind: that of an item that a late event finds. */
function closedBytes(
  items: readonly TimedItem[],
  weightOf: (item: TimedItem) => number,
): Map<number, number> {
  const sums = new Map<number, { bytes: number; weight: number }>();
  for (const timed of items) {
    const weight = weightOf(timed);
    const { bytes, weight: others } = sums.get(timed.kind) ?? { bytes: 0, weight: 0 };
    sums.set(timed.kind, { bytes: bytes + weight * timed.item.bytes(), weight: others + weight });
  }
  return new Map([...sums].map(([kind, { bytes, weight }]) => [kind, weight === 0 ? 0 : bytes / weight]));
}
