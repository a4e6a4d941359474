/** What is usual in an hour. */
export interface Baseline {
  /** Median of the hours that it is compared with. */
  readonly expected: number;
  /** Standard deviation of those hours, by their median absolute deviation: single odd hours do not widen it. */
  readonly deviation: number;
}

/** The value of an hour by its index. */
export type ValueAt = (hour: number) => number;

const dayHours = 24;
export const weekHours = 7 * dayHours;

/** How far back a baseline looks. */
const baselineWeeks = 4;

/** Hours of history that an hour is judged by; more are of no use. */
export const historyHours = baselineWeeks * weekHours + dayHours;

/** Hours on each side that count as the same time of the day: people are not punctual. */
const sides = 1;

/** Of a normal distribution: the standard deviation in median absolute deviations. */
export const deviationsPerMad = 1.4826;

/**
 * What is usual in an hour of a series, in more than one way: an hour that is unusual is so by each of them. None with less
 * than a week of history.
 *
 * By the same hours of the week in up to four weeks before, an hour more and less; and by that very hour alone, since what
 * comes every Tuesday at ten is usual at ten. With less than two weeks, by the hours of the week before, which may have
 * been odd, and by those of the seven days before, among which a weekend is unlike the rest.
 *
 * @param valueAt of each hour since the first, without a gap
 * @param hour its index
 */
export function baselinesAt(valueAt: ValueAt, hour: number): readonly Baseline[] {
  const weeks = Math.min(Math.floor((hour - sides) / weekHours), baselineWeeks);
  if (weeks < 1) return [];
  const around = baselineOf(sameHours(valueAt, hour, weekHours, weeks, sides));
  const other =
    weeks > 1 ? sameHours(valueAt, hour, weekHours, weeks, 0) : sameHours(valueAt, hour, dayHours, 7, sides);
  return [around, baselineOf(other)];
}

function sameHours(valueAt: ValueAt, hour: number, period: number, times: number, beside: number): number[] {
  const found: number[] = [];
  for (let time = 1; time <= times; time++) {
    for (let side = -beside; side <= beside; side++) found.push(valueAt(hour - time * period + side));
  }
  return found;
}

function baselineOf(values: readonly number[]): Baseline {
  const expected = median(values);
  return {
    expected,
    deviation: deviationsPerMad * median(values.map((value) => Math.abs(value - expected))),
  };
}

/** @throws RangeError of no values */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('no values have no median');
  // Sorts numbers as numbers, and ten times as fast as an array with a comparison.
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
