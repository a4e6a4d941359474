import { type WindowSize, windowMs, windowSizes } from '../domain/counters/window';

/** Windows of UTC of one size that start in an interval of epoch milliseconds, its end not included. */
export interface WindowRange {
  readonly size: WindowSize;
  readonly from: number;
  readonly to: number;
}

/**
 * The fewest windows of UTC that are together exactly the intervals between neighbouring bounds: minutes up to the first
 * whole hour, hours up to the first whole day, and days between.
 *
 * @param bounds ascending, in epoch milliseconds, each a multiple of the smallest size
 * @param sizes that are counted
 */
export function coverOf(
  bounds: readonly number[],
  sizes: readonly WindowSize[] = windowSizes,
): readonly WindowRange[] {
  const largestFirst = [...sizes].sort((a, b) => windowMs[b] - windowMs[a]);
  const ranges: WindowRange[] = [];
  const add = (range: WindowRange): void => {
    const last = ranges.at(-1);
    if (last?.size === range.size && last.to === range.from)
      ranges[ranges.length - 1] = { ...last, to: range.to };
    else ranges.push(range);
  };
  const cover = (from: number, to: number, [size, ...smaller]: readonly WindowSize[]): void => {
    if (from >= to) return;
    if (size === undefined) throw new RangeError(`${from} to ${to} is no whole number of windows`);
    const first = Math.ceil(from / windowMs[size]) * windowMs[size];
    const end = Math.floor(to / windowMs[size]) * windowMs[size];
    if (first >= end) {
      cover(from, to, smaller);
      return;
    }
    cover(from, first, smaller);
    add({ size, from: first, to: end });
    cover(end, to, smaller);
  };
  for (const [index, from] of bounds.entries()) cover(from, bounds[index + 1] ?? from, largestFirst);
  return ranges;
}

/** Which interval an instant lies in: the bound that it is at or behind; undefined before the first. */
export function boundBefore(bounds: readonly number[], at: number): number | undefined {
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (bounds[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return bounds[low - 1];
}
