import { sumOf } from '../domain/counters/difference';
import { dimensionNamed } from '../domain/counters/dimensions';
import { windowMs } from '../domain/counters/window';
import { queryOf, type Range } from '../table/queries';
import type { View, ViewedItem, WindowQuery } from '../table/view';
import { type CountsByWindow, countsOf } from './aggregates-reader';
import { boundBefore, coverOf, type WindowRange } from './cover';

/** Reads windows as they stand. */
export type ReadWindows = (queries: readonly WindowQuery[]) => Promise<View>;

export interface IntervalCounts {
  /** By value, by the bound that their interval begins with. */
  readonly counts: CountsByWindow;
  /** From when on they are exact, if not from the first bound: before, not all minutes of a parted hour are kept. */
  readonly exactSince: number | undefined;
}

/**
 * Counts between neighbouring bounds, by the fewest windows of UTC. Where minutes stand for a part of an hour, all
 * minutes of that hour are compared with it.
 *
 * @param bounds ascending, in epoch milliseconds, at whole minutes
 * @param byMinute minutes are asked for, as they are kept: none is compared
 * @throws RangeError for a dimension that is not aggregated
 */
export async function countIntervals(
  dimensionName: string,
  bounds: readonly number[],
  byMinute: boolean,
  read: ReadWindows,
): Promise<IntervalCounts> {
  const dimension = dimensionNamed(dimensionName);
  const ranges = coverOf(bounds);
  const parted = byMinute ? [] : partedHours(ranges);
  // The minutes of parted hours are among those of the hours as a whole.
  const asked = byMinute ? ranges : [...ranges.filter(({ size }) => size !== 'minute'), ...parted];
  const { items } = await read(asked.map((range) => queryOf(dimension, range.size, range)));
  return {
    counts: countsOf(dimension, within(ranges, items), (start) => boundBefore(bounds, start)!),
    exactSince: completeSince(dimension.name, within(parted, items)),
  };
}

function within(ranges: readonly WindowRange[], items: readonly ViewedItem[]): readonly ViewedItem[] {
  return items.filter(({ size, start }) =>
    ranges.some((range) => range.size === size && start >= range.from && start < range.to),
  );
}

/** The hours of UTC of which ranges have some minutes alone, and all minutes of them. */
function partedHours(ranges: readonly WindowRange[]): WindowRange[] {
  return ranges
    .filter(({ size }) => size === 'minute')
    .map(({ from, to }) => ({
      from: Math.floor(from / windowMs.hour) * windowMs.hour,
      to: Math.ceil(to / windowMs.hour) * windowMs.hour,
    }))
    .flatMap((whole) => [
      { size: 'hour', ...whole },
      { size: 'minute', ...whole },
    ]);
}

/**
 * From when on the minutes of each hour add up to it, if not from the first. Minutes are kept for less long than hours, and
 * events that come later than that count in no minute.
 *
 * @param items minutes and hours of one view
 */
export function completeSince(
  dimension: string,
  items: readonly ViewedItem[],
  { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: Range = {},
): number | undefined {
  const missing = new Map<number, number>();
  for (const { size, start, content } of items) {
    const counts = content.counts.get(dimension);
    if (!counts) continue;
    const hour = start - (((start % windowMs.hour) + windowMs.hour) % windowMs.hour);
    const count = size === 'hour' ? sumOf(counts) : -sumOf(counts);
    missing.set(hour, (missing.get(hour) ?? 0) + count);
  }
  let since: number | undefined;
  for (const [hour, count] of missing) {
    const isWhole = hour >= from && hour + windowMs.hour <= to;
    if (isWhole && count !== 0) since = Math.max(since ?? hour, hour + windowMs.hour);
  }
  return since;
}
