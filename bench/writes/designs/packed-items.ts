import { createItem, type SimulatedItem } from '../../../cost/table/simulated-item';
import { partitionKey, readPartitionKey } from '../../../domain/counter-item';
import type { CounterWrite } from '../../../domain/counter-write';
import { dimensionNamed } from '../../../domain/counters/dimensions';
import { type WindowSize, windowStart } from '../../../domain/counters/window';
import type { Entry } from '../../../domain/fold';
import { aPlace, type CountedValue } from '../clicks';
import type { Design } from '../design';
import { type Charging, createLedger } from '../ledger';

/** The partition key of the item that holds a counter, and what it counts there. */
export type Layout = (
  value: CountedValue,
  window: WindowSize,
) => { readonly partitionKey: string; readonly entry: Entry };

/** An item for each dimension and bucket. */
export function bucketed(bucketsOf: (dimension: string, window: WindowSize) => number): Layout {
  return ({ dimension, hash, entry }, window) => ({
    partitionKey: partitionKey(dimension, hash % bucketsOf(dimension, window)),
    entry,
  });
}

/** As the product has it. */
export const productLayout = bucketed((dimension) => dimensionNamed(dimension).buckets);

/** What one item of each window holds. */
interface Slot {
  readonly partitionKey: string;
  readonly window: WindowSize;
  readonly items: Map<number, OpenItem>;
  readonly inTime: Charging;
  readonly late: Charging;
  /** Bytes of items whose window is over. */
  readonly closed: number[];
  lateWrites: number;
}

interface Place {
  readonly slot: Slot;
  readonly entry: Entry;
}

interface OpenItem {
  readonly slot: Slot;
  readonly item: SimulatedItem;
  /** What the batch under way has for it. */
  entries: Entry[];
}

/**
 * Items that hold many counters each, one write for each item that a batch touches, charged by the item's size by then.
 * A late event is charged for an item of the size that it has when its window is over.
 *
 * @param plan how a batch's entries of one item are written: as many updates as they take
 */
export function packedItems(
  windows: readonly WindowSize[],
  layout: Layout,
  plan: (item: SimulatedItem, entries: readonly Entry[], charge: () => void) => void,
): Design {
  const ledger = createLedger();
  const slots = new Map<string, Slot>();
  /** By window and index of value. */
  const places: Readonly<Record<WindowSize, Place[]>> = { minute: [], hour: [] };
  const lateItems = new Map<Slot, Set<number>>();
  let touched: OpenItem[] = [];
  let requests = 0;
  let now = 0;

  const placeOf = (value: CountedValue, window: WindowSize): Place => {
    const known = places[window][value.index];
    if (known) return known;
    const { partitionKey, entry } = layout(value, window);
    const id = `${partitionKey} ${window}`;
    const sort = `${readPartitionKey({ pk: partitionKey }).dimension} by ${window}`;
    const slot = slots.get(id) ?? {
      partitionKey,
      window,
      items: new Map<number, OpenItem>(),
      inTime: ledger.line(sort),
      late: ledger.line(`${sort}, late`),
      closed: [],
      lateWrites: 0,
    };
    slots.set(id, slot);
    places[window][value.index] = { slot, entry };
    return places[window][value.index]!;
  };
  const openItem = (slot: Slot, at: number): OpenItem => {
    const start = windowStart(slot.window, at);
    const known = slot.items.get(start);
    if (known) return known;
    const made = { slot, item: createItem(slot.partitionKey, slot.window), entries: [] };
    slot.items.set(start, made);
    return made;
  };
  const close = (slot: Slot, before: number): void => {
    for (const [start, open] of slot.items) {
      if (start >= before) return;
      slot.items.delete(start);
      slot.closed.push(open.item.bytes());
    }
  };

  return {
    add(values, at) {
      now = at;
      for (const value of values) {
        for (const window of windows) {
          const { slot, entry } = placeOf(value, window);
          const open = openItem(slot, at);
          if (open.entries.length === 0) touched.push(open);
          open.entries.push(entry);
        }
      }
    },
    addLate(values, at) {
      for (const value of values) {
        for (const window of windows) {
          const { slot } = placeOf(value, window);
          const starts = lateItems.get(slot) ?? new Set();
          lateItems.set(slot, starts.add(windowStart(window, at)));
        }
      }
    },
    endBatch(times) {
      for (const open of touched) {
        const { slot, item, entries } = open;
        plan(item, entries, () => {
          requests += times;
          slot.inTime.charge(item.bytes(), times);
        });
        open.entries = [];
      }
      touched = [];
      for (const [slot, starts] of lateItems) slot.lateWrites += times * starts.size;
      lateItems.clear();
      for (const slot of slots.values()) close(slot, windowStart(slot.window, now));
    },
    grow(events, at, growing) {
      const grown = new Map<OpenItem, Map<string, number>>();
      for (const [value, count] of events) {
        for (const window of growing) {
          const { slot, entry } = placeOf(value, window);
          const open = openItem(slot, at);
          const counts = grown.get(open) ?? new Map<string, number>();
          grown.set(open, counts.set(entry.value, count));
        }
      }
      for (const [{ item }, counts] of grown) item.apply(writeOf(counts));
    },
    charges() {
      for (const slot of slots.values()) {
        if (slot.lateWrites === 0) continue;
        close(slot, Number.POSITIVE_INFINITY);
        // A dimension that only late events count in has no other items.
        const sizes = slot.closed.length === 0 ? [1] : slot.closed;
        for (const bytes of sizes) slot.late.charge(bytes, slot.lateWrites / sizes.length);
        requests += slot.lateWrites;
        slot.lateWrites = 0;
      }
      return { requests, lines: ledger.lines() };
    },
  };
}

/** One write, however many values it has and however large the item gets. */
export function boundlessWrite(item: SimulatedItem, entries: readonly Entry[], charge: () => void): void {
  const counts = new Map<string, number>();
  for (const { value, count } of entries) counts.set(value, (counts.get(value) ?? 0) + count);
  item.apply(writeOf(counts));
  charge();
}

/** A write that no item refuses, and that leaves its bound as it is. */
function writeOf(counts: ReadonlyMap<string, number>): CounterWrite {
  return {
    counts,
    other: 0,
    cut: 0,
    first: aPlace.position,
    last: aPlace.position,
    lastArrivedAt: aPlace.arrivedAt,
    entries: 1,
    size: { kind: 'grow', bytes: 0 },
  };
}
