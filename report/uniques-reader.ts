import { SetupError } from '../cli/setup-error';
import { otherValue } from '../domain/counters/counter-value';
import { formatWindow, windowMs } from '../domain/counters/window';
import { estimate, merge, type Sketch, standardError } from '../domain/visitors/sketch';
import { decodeSketch } from '../domain/visitors/sketch-bytes';
import {
  type Unique,
  type UniqueName,
  type UniqueScope,
  type UniqueWindow,
  uniques,
} from '../domain/visitors/uniques';
import { queryOfSketches, type Range } from '../table/queries';
import { readView, type ViewedItem, type ViewPorts } from '../table/view';
import type { TimeZone } from './time-zone';
import { hoursFit, startOfWindow } from './zoned-aggregates';

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

export interface UniqueQuery extends Range {
  readonly unique: UniqueName;
  readonly dimension: UniqueScope;
  readonly window: UniqueWindow;
}

/**
 * Reads estimates by window, and in a window the largest first.
 *
 * @param zone whose hours and days are asked for; without it, those of UTC
 * @throws RangeError for what is not counted
 * @throws SetupError if the hours of a zone are not those of UTC, by which visitors are counted
 */
export async function readUniques(
  query: UniqueQuery,
  ports: ViewPorts,
  zone?: TimeZone,
): Promise<UniqueRow[]> {
  const unique = uniqueNamed(query);
  const items = await itemsOf(unique, zone ? { ...query, window: 'hour' } : query, ports);
  if (zone) refuseUnfitHours(query, items, zone);
  const startOf = (start: number) => (zone ? startOfWindow(query.window, start, zone) : start);
  const windows = new Map<number, Sketches>();
  for (const item of items) {
    const start = startOf(item.start);
    const sketches: Sketches = windows.get(start) ?? new Map();
    windows.set(start, sketches);
    for (const [value, sketch] of sketchesOf(item)) addSketch(sketches, value, sketch);
  }
  const format = zone?.format ?? formatWindow;
  return [...windows]
    .sort(([a], [b]) => a - b)
    .flatMap(([start, sketches]) =>
      [...sketches]
        .map(([value, sketch]) => rowOf(unique, value, sketch, { window: format(start) }))
        .sort(byCount),
    );
}

function refuseUnfitHours(range: Range, items: readonly ViewedItem[], zone: TimeZone): void {
  if (hoursFit(items, range, zone)) return;
  throw new SetupError(
    `--time-zone ${zone.name} is a part of an hour from UTC, and visitors and sessions are counted by hours of UTC; allowed: a zone of whole hours, with bounds at whole hours`,
  );
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
  ports: ViewPorts,
  zone?: TimeZone,
): Promise<Omit<UniqueRow, 'window'>[]> {
  const unique = uniqueNamed(query);
  const merged: Sketches = new Map();
  // Merged over the range, only its bounds matter.
  if (zone) refuseUnfitHours(query, [], zone);
  const fits = (at: number | undefined): boolean => at === undefined || at % windowMs[query.window] === 0;
  const window = zone && !(fits(query.from) && fits(query.to)) ? 'hour' : query.window;
  for (const item of await itemsOf(unique, { ...query, window }, ports)) {
    for (const [value, sketch] of sketchesOf(item)) addSketch(merged, value, sketch);
  }
  return [...merged]
    .map(([value, sketch]) => rowOf(unique, value, sketch, {}))
    .sort(byCount)
    .slice(0, top);
}

async function itemsOf(
  unique: Unique,
  { window, from, to }: UniqueQuery,
  ports: ViewPorts,
): Promise<readonly ViewedItem[]> {
  const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  return (await readView([queryOfSketches(unique, window, range)], ports)).items;
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

/** By value; undefined for the values without room. */
type Sketches = Map<string | undefined, Sketch>;

/** The sketches of an item; that of the values without room has no value. */
function* sketchesOf({ content }: ViewedItem): Generator<[value: string | undefined, sketch: Sketch]> {
  for (const [value, bytes] of content.sketches) yield [value, decodeSketch(bytes)];
  if (content.otherSketch) yield [undefined, decodeSketch(content.otherSketch)];
}

/** Merges a sketch into the one of its key. The first one of a key is kept, and changed by the others. */
export function addSketch<Key>(sketches: Map<Key, Sketch>, key: Key, sketch: Sketch): void {
  const known = sketches.get(key);
  if (known) merge(known, sketch);
  else sketches.set(key, sketch);
}

function rowOf<Window extends Partial<Pick<UniqueRow, 'window'>>>(
  { name, scope, precision }: Unique,
  value: string | undefined,
  sketch: Sketch,
  window: Window,
): Omit<UniqueRow, 'window'> & Window {
  return {
    unique: name,
    dimension: scope,
    value: value ?? otherValue,
    ...window,
    count: Math.round(estimate(sketch)),
    standardError: Number(standardError(precision).toFixed(5)),
  };
}

type Counted = Pick<UniqueRow, 'value' | 'count'>;

function byCount(a: Counted, b: Counted): number {
  return b.count - a.count || (a.value < b.value ? -1 : 1);
}
