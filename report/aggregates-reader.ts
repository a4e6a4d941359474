import { otherValue } from '../domain/counters/counter-value';
import { sumOf } from '../domain/counters/difference';
import { type Dimension, dimensionNamed } from '../domain/counters/dimensions';
import { formatWindow, type WindowSize, windowStart } from '../domain/counters/window';
import { queryOf, type Range } from '../table/queries';
import { readView, type ViewedItem, type ViewPorts } from '../table/view';

/** How often a value was counted in one window, over all shards. */
export interface AggregateRow {
  readonly dimension: string;
  readonly value: string;
  /** Start of the window as ISO 8601: `2026-01-31T09:30:00Z`. */
  readonly window: string;
  readonly count: number;
}

export interface AggregateQuery extends Range {
  readonly dimension: string;
  readonly window: WindowSize;
}

/** Counts by value, by the start of their window in epoch milliseconds. */
export type CountsByWindow = Map<number, Map<string, number>>;

/**
 * Reads the aggregates: by window, and in a window the largest count first.
 *
 * @throws RangeError for a dimension that is not aggregated
 */
export async function readAggregates(
  { dimension: name, window: size, ...range }: AggregateQuery,
  ports: ViewPorts,
): Promise<AggregateRow[]> {
  const dimension = dimensionNamed(name);
  const { items } = await readView([queryOf(dimension, size, range)], ports);
  return rowsOf(dimension, countsOf(dimension, items));
}

/**
 * Adds up what items of one size have counted by a dimension, over all shards.
 *
 * @param startOf the start of the window to add an item's to
 */
export function countsOf(
  { name }: Dimension,
  items: readonly ViewedItem[],
  startOf: (start: number) => number = (start) => start,
): CountsByWindow {
  const counts: CountsByWindow = new Map();
  for (const { start, content } of items) {
    const counted = content.counts.get(name);
    if (!counted) continue;
    const window = startOf(start);
    const values = counts.get(window) ?? new Map<string, number>();
    counts.set(window, values);
    const add = (value: string, count: number) => values.set(value, (values.get(value) ?? 0) + count);
    for (const [value, count] of counted.values) add(value, count);
    if (counted.other !== 0) add(otherValue, counted.other);
  }
  return counts;
}

/** How many events a dimension has counted in some items, whatever their values. */
export function eventsOf(items: readonly ViewedItem[], dimension: string): number {
  return items.reduce((sum, { content }) => {
    const counts = content.counts.get(dimension);
    return counts ? sum + sumOf(counts) : sum;
  }, 0);
}

/** Rows by window, and in a window the largest count first. */
export function rowsOf(
  { name }: Dimension,
  counts: CountsByWindow,
  format: (start: number) => string = formatWindow,
): AggregateRow[] {
  return [...counts]
    .sort(([a], [b]) => a - b)
    .flatMap(([start, values]) =>
      byCount(values).map(([value, count]) => ({ dimension: name, value, window: format(start), count })),
    );
}

/** The values with the largest counts over all windows of the rows; equal counts in the order of their values. */
export function topValues(rows: readonly AggregateRow[], top: number): Omit<AggregateRow, 'window'>[] {
  const sums = new Map<string, number>();
  for (const { value, count } of rows) sums.set(value, (sums.get(value) ?? 0) + count);
  const dimension = rows[0]?.dimension ?? '';
  return byCount(sums)
    .slice(0, top)
    .map(([value, count]) => ({ dimension, value, count }));
}

/** The coarsest window that can tell the range apart; it has the fewest items to read. */
export function coarsestWindow(from: number | undefined, to: number | undefined): WindowSize {
  const isWhole = (size: WindowSize) =>
    [from, to].every((at) => at === undefined || at === windowStart(size, at));
  return (['day', 'hour'] as const).find(isWhole) ?? 'minute';
}

function byCount(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
