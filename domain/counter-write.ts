import { counterBytes, maxCounterBytes } from './counter-item';
import type { Entry, ItemRun } from './item-run';
import type { Position } from './position';

/** What an item of the table holds, as far as the next write has to know it. */
export interface HeldItem {
  readonly position: Position;
  /** The values that have a counter of their own. */
  readonly values: ReadonlySet<string>;
  /** Bytes that its counters take at the most, as the item says; undefined if it was written by hand, without. */
  readonly sizeBound: number | undefined;
}

/** One conditional update of one item, counting a run of events. */
export interface CounterWrite {
  /** Events by value, for the values that get a counter of their own. */
  readonly counts: ReadonlyMap<string, number>;
  readonly other: number;
  readonly cut: number;
  readonly first: Position;
  readonly last: Position;
  /** Arrival of the last event counted, in epoch milliseconds. */
  readonly lastArrivedAt: number;
  /** How many of the entries this write covers, from the first. */
  readonly entries: number;
  readonly size: SizeClaim;
}

/**
 * How a write keeps the cap. `grow`: nothing is known of the item, so every value might be new to it; the write
 * holds only if the item's bound leaves room for all of them. `exact`: the item was read at `heldPosition` and
 * with `heldBound`, and the write holds only if it still has both. A repair may leave an item where it stands, but not
 * its bound.
 */
export type SizeClaim =
  | { readonly kind: 'grow'; readonly bytes: number }
  | {
      readonly kind: 'exact';
      readonly bytes: number;
      readonly heldPosition: Position;
      readonly heldBound: number | undefined;
    };

/**
 * Values that one update names at the most. DynamoDB takes 300 operators and 4 KB in an update expression; each
 * value is one operator and about a dozen bytes, and the rest of the expression needs a few of both.
 */
export const maxValuesPerWrite = 250;

/**
 * The next write of a run: as many entries from its start as one update can hold. Split by position, never by
 * value, so that one position says what the item has counted.
 *
 * A value gets a counter of its own if it has one already, or if the counters with it stay within `maxCounterBytes`,
 * decided in the order of events. So the outcome does not depend on how the events were cut into batches.
 *
 * @param entries not empty, in the order of the shard, none of them counted by the item yet
 * @param held the item as it was read, or undefined if it was not
 */
export function planWrite(entries: readonly Entry[], held?: HeldItem): CounterWrite {
  const counts = new Map<string, number>();
  const heldBytes = held ? sum(held.values, counterBytes) : 0;
  let newBytes = 0;
  let other = 0;
  let cut = 0;
  let covered = 0;
  for (const { value, count, cut: cutEvents } of entries) {
    const isNew = !counts.has(value) && !held?.values.has(value);
    const bytes = isNew ? counterBytes(value) : 0;
    if (held && isNew && heldBytes + newBytes + bytes > maxCounterBytes) {
      other += count;
    } else {
      if (counts.size === maxValuesPerWrite && !counts.has(value)) break;
      counts.set(value, (counts.get(value) ?? 0) + count);
      newBytes += bytes;
    }
    cut += cutEvents;
    covered++;
  }
  const last = entries[covered - 1]!;
  return {
    counts,
    other,
    cut,
    first: entries[0]!.position,
    last: last.position,
    lastArrivedAt: last.arrivedAt,
    entries: covered,
    size: held
      ? {
          kind: 'exact',
          bytes: heldBytes + newBytes,
          heldPosition: held.position,
          heldBound: held.sizeBound,
        }
      : { kind: 'grow', bytes: newBytes },
  };
}

/**
 * The first write of a run of which its item has counted nothing: what `planWrite` plans for all of its entries, which
 * are not made for it as long as one update holds them.
 */
export function planRun(run: ItemRun): CounterWrite {
  const { total } = run;
  if (total.counts.size > maxValuesPerWrite) return planWrite(run.entries);
  return { ...total, other: 0, size: { kind: 'grow', bytes: sum(total.counts.keys(), counterBytes) } };
}

/** The entries that an item which stands at `position` has not counted yet. */
export function notYetCounted(entries: readonly Entry[], position: Position): readonly Entry[] {
  const next = entries.findIndex((entry) => entry.position > position);
  return next === -1 ? [] : entries.slice(next);
}

function sum<T>(items: Iterable<T>, measure: (item: T) => number): number {
  let total = 0;
  for (const item of items) total += measure(item);
  return total;
}
