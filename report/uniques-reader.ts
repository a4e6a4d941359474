import { otherValue } from '../domain/counter-item';
import { estimate, merge, type Sketch, standardError } from '../domain/sketch';
import { decodeSketch } from '../domain/sketch-bytes';
import { sketchedValue, UniqueAttributes, uniquePartitionKey } from '../domain/unique-item';
import {
  type Unique,
  type UniqueName,
  type UniqueScope,
  type UniqueWindow,
  uniques,
} from '../domain/uniques';
import { type ReaderOptions, type TableItem, type WindowRange, windowItems, windowOf } from './window-items';

/** How many distinct visitors or sessions were seen in one window, over all shards. */
export interface UniqueRow {
  readonly unique: UniqueName;
  /** `total` or `page`. */
  readonly dimension: UniqueScope;
  /** `all`, or the page; `(other)` for the pages that had no room for a sketch, taken together. */
  readonly value: string;
  /** Start of the window as ISO 8601: `2026-01-31T09:00:00Z`. */
  readonly window: string;
  /** An estimate, rounded. */
  readonly count: number;
  /** Of the estimate, as a share of it: 0.01623 is 1.623 %. */
  readonly standardError: number;
}

export interface UniqueQuery extends WindowRange {
  readonly unique: UniqueName;
  readonly dimension: UniqueScope;
  readonly window: UniqueWindow;
}

/**
 * Reads estimates by window, and in a window the largest first.
 *
 * @throws RangeError for what is not counted
 */
export async function readUniques(query: UniqueQuery, options: ReaderOptions): Promise<UniqueRow[]> {
  const unique = uniqueNamed(query);
  const rows: UniqueRow[] = [];
  const others: Sketches = new Map();
  const readBucket = async (bucket: number): Promise<void> => {
    let window = '';
    let sketches: Sketches = new Map();
    const finish = (): void => {
      for (const [value, sketch] of sketches) rows.push(rowOf(unique, value, sketch, { window }));
      sketches = new Map();
    };
    // Items of a window stand together, so that only one window's sketches have to be held.
    for await (const item of windowItems(uniquePartitionKey(unique, bucket), query, options)) {
      const next = windowOf(item) ?? '';
      if (next !== window) finish();
      window = next;
      for (const [value, sketch] of sketchesOf(item)) {
        if (value === undefined) add(others, window, sketch);
        else add(sketches, value, sketch);
      }
    }
    finish();
  };
  await Promise.all(Array.from({ length: unique.buckets }, (_, bucket) => readBucket(bucket)));
  for (const [window, sketch] of others) rows.push(rowOf(unique, otherValue, sketch, { window }));
  return rows.sort((a, b) => (a.window === b.window ? byCount(a, b) : a.window < b.window ? -1 : 1));
}

/**
 * The values with the most distinct visitors or sessions over the whole range. Merged, not added up: who comes back
 * in another window counts once.
 *
 * @throws RangeError for what is not counted
 */
export async function topUniques(
  query: UniqueQuery,
  top: number,
  options: ReaderOptions,
): Promise<Omit<UniqueRow, 'window'>[]> {
  const unique = uniqueNamed(query);
  const merged = new Map<string | undefined, Sketch>();
  const readBucket = async (bucket: number): Promise<void> => {
    for await (const item of windowItems(uniquePartitionKey(unique, bucket), query, options)) {
      for (const [value, sketch] of sketchesOf(item)) add(merged, value, sketch);
    }
  };
  await Promise.all(Array.from({ length: unique.buckets }, (_, bucket) => readBucket(bucket)));
  return [...merged]
    .map(([value, sketch]) => rowOf(unique, value ?? otherValue, sketch, {}))
    .sort(byCount)
    .slice(0, top);
}

/** @throws RangeError that names what is counted */
export function uniqueNamed({
  unique,
  dimension,
  window,
}: Pick<UniqueQuery, 'unique' | 'dimension' | 'window'>): Unique {
  const found = uniques.find(({ name, scope }) => name === unique && scope === dimension);
  if (found?.windows.includes(window)) return found;
  const counted = uniques.map(
    ({ name, scope, windows }) => `${name} by ${scope} and ${windows.join(' or ')}`,
  );
  throw new RangeError(`${unique} by ${dimension} and ${window}; counted are ${counted.join(', ')}`);
}

type Sketches = Map<string, Sketch>;

/** The sketches of an item by value; undefined for that of the values without room. */
function* sketchesOf(item: TableItem): Generator<[value: string | undefined, sketch: Sketch]> {
  for (const [attribute, { B }] of Object.entries(item)) {
    const value = sketchedValue(attribute);
    const isSketch = value !== undefined || attribute === UniqueAttributes.other;
    if (isSketch && B) yield [value, decodeSketch(B)];
  }
}

function add<Key>(sketches: Map<Key, Sketch>, key: Key, sketch: Sketch): void {
  const known = sketches.get(key);
  if (known) merge(known, sketch);
  else sketches.set(key, sketch);
}

function rowOf<Window extends Partial<Pick<UniqueRow, 'window'>>>(
  { name, scope, precision }: Unique,
  value: string,
  sketch: Sketch,
  window: Window,
): Omit<UniqueRow, 'window'> & Window {
  return {
    unique: name,
    dimension: scope,
    value,
    ...window,
    count: Math.round(estimate(sketch)),
    standardError: Number(standardError(precision).toFixed(5)),
  };
}

type Counted = Pick<UniqueRow, 'value' | 'count'>;

function byCount(a: Counted, b: Counted): number {
  return b.count - a.count || (a.value < b.value ? -1 : 1);
}
