import { emptySketch, estimate, rankBits, type Sketch, type Touch } from '../visitors/sketch';
import { decodeSketch } from '../visitors/sketch-bytes';
import { type Counts, noCounts } from './delta';
import { addressId, type Item, type ItemAddress } from './item';
import type { WindowSize } from './window';

export type AddressedItem = ItemAddress & Item;

/** Something of a window that is stored otherwise than it has to be. */
interface Difference {
  /** Of a dimension, or of sketches. */
  readonly name: string;
  readonly size: WindowSize;
  /** Epoch milliseconds. */
  readonly start: number;
  readonly counted: number;
  readonly expected: number;
  /** When the window may go at the earliest, in epoch seconds. */
  readonly expiresAt: number;
}

/** A value that is not counted as often as it has to be. */
export interface CountDifference extends Difference {
  /** Of one value, of those that had no room, or of those that were cut. */
  readonly of: { readonly value: string } | 'other' | 'cut';
}

/** Distinct things of a value that are not those that have to be. */
export interface SketchDifference extends Difference {
  readonly value: string;
  readonly precision: Sketch['precision'];
  readonly missing: ReadonlySet<Touch>;
  /** Whether it has seen what it should not. A sketch only grows: this stays. */
  readonly hasExtra: boolean;
}

/** What has to be added to a shard's items for them to be as they have to be. */
export interface ShardDifference {
  readonly counts: readonly CountDifference[];
  readonly sketches: readonly SketchDifference[];
}

/**
 * Compares items of one shard.
 *
 * @param stored as they are
 * @param expected as they have to be
 */
export function shardDifference(
  stored: readonly AddressedItem[],
  expected: readonly AddressedItem[],
): ShardDifference {
  return { counts: countDifferences(stored, expected), sketches: sketchDifferences(stored, expected) };
}

interface CountedWindow extends Pick<Difference, 'name' | 'size' | 'start' | 'expiresAt'> {
  readonly stored: Counts;
  readonly expected: Counts;
}

/** By window and dimension, over all buckets: their number may have changed. */
function countDifferences(
  stored: readonly AddressedItem[],
  expected: readonly AddressedItem[],
): CountDifference[] {
  const windows = new Map<string, { -readonly [Name in keyof CountedWindow]: CountedWindow[Name] }>();
  for (const [side, items] of [['stored', stored] as const, ['expected', expected] as const]) {
    for (const { size, start, expiresAt, content } of items) {
      for (const [name, counts] of content.counts) {
        const id = `${name} ${size} ${start}`;
        const window = windows.get(id) ?? {
          ...{ name, size, start, expiresAt },
          ...{ stored: noCounts(), expected: noCounts() },
        };
        windows.set(id, window);
        window.expiresAt = Math.max(window.expiresAt, expiresAt);
        const { values } = window[side];
        for (const [value, count] of counts.values) values.set(value, (values.get(value) ?? 0) + count);
        window[side].other += counts.other;
        window[side].cut += counts.cut;
      }
    }
  }
  return [...windows.values()].flatMap(differencesIn);
}

function differencesIn({ stored, expected, ...window }: CountedWindow): CountDifference[] {
  const differences: CountDifference[] = [];
  const compare = (of: CountDifference['of'], counted: number, right: number): void => {
    if (counted !== right) differences.push({ ...window, of, counted, expected: right });
  };
  if (stored.other !== 0 || expected.other !== 0) {
    // Which values had room depends on the order of the log, and repairs and corrections change that.
    compare('other', sumOf(stored), sumOf(expected));
  } else {
    for (const value of new Set([...stored.values.keys(), ...expected.values.keys()])) {
      compare({ value }, stored.values.get(value) ?? 0, expected.values.get(value) ?? 0);
    }
  }
  compare('cut', stored.cut, expected.cut);
  return differences;
}

/** All events of a dimension in a window. */
export function sumOf({ values, other }: Counts): number {
  let sum = other;
  for (const count of values.values()) sum += count;
  return sum;
}

function sketchDifferences(
  stored: readonly AddressedItem[],
  expected: readonly AddressedItem[],
): SketchDifference[] {
  const byAddress = (items: readonly AddressedItem[]) =>
    new Map(items.map((item) => [addressId(item), item] as const));
  const [storedById, expectedById] = [byAddress(stored), byAddress(expected)];
  return [...new Set([...storedById.keys(), ...expectedById.keys()])].flatMap((id) =>
    sketchesOf((storedById.get(id) ?? expectedById.get(id))!, storedById.get(id), expectedById.get(id)),
  );
}

function sketchesOf(
  { group: name, size, start }: ItemAddress,
  stored: AddressedItem | undefined,
  expected: AddressedItem | undefined,
): SketchDifference[] {
  const [have, want] = [stored?.content, expected?.content];
  const expiresAt = Math.max(stored?.expiresAt ?? 0, expected?.expiresAt ?? 0);
  const values = new Set([...(have?.sketches.keys() ?? []), ...(want?.sketches.keys() ?? [])]);
  // Whose sketches had no room depends on the order of the log.
  const isFull = have?.otherSketch !== undefined || want?.otherSketch !== undefined;
  return [...values].flatMap((value): SketchDifference[] => {
    const bytes = have?.sketches.get(value) ?? have?.otherSketch;
    const wantedBytes = want?.sketches.get(value);
    if (bytes && wantedBytes && Buffer.compare(bytes, wantedBytes) === 0) return [];
    if (isFull && !wantedBytes) return [];
    const { precision } = decodeSketch((bytes ?? wantedBytes)!);
    const of = (one: Uint8Array | undefined) => (one ? decodeSketch(one) : emptySketch(precision));
    const [a, b] = [of(bytes), of(wantedBytes)];
    const missing = touchesBeyond(b, a);
    const hasExtra = !isFull && touchesBeyond(a, b).size > 0;
    if (missing.size === 0 && !hasExtra) return [];
    const estimates = { counted: Math.round(estimate(a)), expected: Math.round(estimate(b)) };
    return [{ name, size, start, value, precision, ...estimates, expiresAt, missing, hasExtra }];
  });
}

/** What one sketch has seen beyond another. */
function touchesBeyond(one: Sketch, other: Sketch): Set<Touch> {
  const touches = new Set<Touch>();
  for (const [register, rank] of one.registers.entries()) {
    if (rank > other.registers[register]!) touches.add((register << rankBits) | rank);
  }
  return touches;
}

const everyLineCounts = ['total', 'duplicate', 'invalid'];

/** How many lines items of one size of windows count. */
export function linesIn(items: readonly AddressedItem[], size: WindowSize): number {
  let lines = 0;
  for (const item of items) {
    if (item.size !== size) continue;
    for (const name of everyLineCounts) {
      const counts = item.content.counts.get(name);
      if (counts) lines += sumOf(counts);
    }
  }
  return lines;
}
