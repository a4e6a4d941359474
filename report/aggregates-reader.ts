import {
  AggregatesTable as attributes,
  countedValue,
  otherValue,
  partitionKey,
} from '../domain/counter-item';
import { dimensionNamed } from '../domain/dimensions';
import type { WindowSize } from '../domain/window';
import { type ReaderOptions, type TableItem, type WindowRange, windowItems, windowOf } from './window-items';

/** How often a value was counted in one window, over all shards. */
export interface AggregateRow {
  readonly dimension: string;
  readonly value: string;
  /** Start of the window as ISO 8601: `2026-01-31T09:30:00Z`. */
  readonly window: string;
  readonly count: number;
}

export interface AggregateQuery extends WindowRange {
  readonly dimension: string;
  readonly window: WindowSize;
}

/**
 * Reads the aggregates: by window, and in a window the largest count first.
 *
 * @throws RangeError for a dimension that is not aggregated
 */
export async function readAggregates(query: AggregateQuery, options: ReaderOptions): Promise<AggregateRow[]> {
  const { buckets } = dimensionNamed(query.dimension);
  const counts = new Map<string, Map<string, number>>();
  const read = async (bucket: number): Promise<void> => {
    const items = windowItems(partitionKey(query.dimension, bucket), query, options);
    for await (const item of items) addCounts(counts, item);
  };
  await Promise.all(Array.from({ length: buckets }, (_, bucket) => read(bucket)));
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([window, values]) =>
      byCount(values).map(([value, count]) => ({ dimension: query.dimension, value, window, count })),
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
  const isWholeHour = (at: number | undefined): boolean => at === undefined || at % 3_600_000 === 0;
  return isWholeHour(from) && isWholeHour(to) ? 'hour' : 'minute';
}

function addCounts(counts: Map<string, Map<string, number>>, item: TableItem): void {
  const window = windowOf(item);
  if (window === undefined) return;
  const values = counts.get(window) ?? new Map<string, number>();
  counts.set(window, values);
  for (const [attribute, { N }] of Object.entries(item)) {
    const value = attribute === attributes.other ? otherValue : countedValue(attribute);
    if (value !== undefined && N !== undefined) values.set(value, (values.get(value) ?? 0) + Number(N));
  }
}

function byCount(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
