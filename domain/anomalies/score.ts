import { type Baseline, baselinesAt, deviationsPerMad, median, weekHours } from './baseline';

/** How unusual an hour of a series is. */
export interface ScoredHour {
  readonly count: number;
  readonly expected: number;
  /** How many standard deviations the count is above (or, negative, below) what is expected; 0 if baselines disagree. */
  readonly score: number;
}

/** Counts by hour, without a gap. */
export interface HourCounts {
  readonly counts: ArrayLike<number>;
  /** What the counts are in proportion to: visitors, whose clicks are counted. Without it, the counts themselves are judged. */
  readonly per?: ArrayLike<number>;
}

/** Below, a deviation is that of this many clicks: a handful more or less is nothing, whatever is usual. */
const leastClicks = 9;

/** Hours whose own deviation from what was expected says how well this series can be expected at all. */
const calibrationHours = weekHours;
const leastCalibrationHours = 24;

/**
 * Scores the hours from an index on; undefined for an hour with too little history.
 *
 * Twelve hours of a baseline may lie close together by chance. So the deviation is at least what chance alone does to
 * clicks that come one by one (Poisson), and at least what this series deviated from its own baselines in the week before:
 * clicks come in visits, and a site has its moods.
 */
export function scoredHours({ counts, per }: HourCounts, from: number): (ScoredHour | undefined)[] {
  const first = Math.max(from - calibrationHours, 0);
  const perAt = (hour: number): number => (per ? Math.max(per[hour] ?? 0, 1) : 1);
  const rates = per ? Array.from(counts, (count, hour) => count / perAt(hour)) : counts;
  const hours = Array.from({ length: Math.max(counts.length - first, 0) }, (_, at) =>
    baselinesAt(rates, first + at).map((baseline) => times(baseline, perAt(first + at))),
  );
  const noises = hours.map(
    ([baseline], at) =>
      baseline && Math.abs(counts[first + at]! - baseline.expected) / chance(baseline.expected),
  );
  return hours.slice(from - first).map((baselines, at) => {
    const index = from - first + at;
    const count = counts[first + index]!;
    const recent = noises.slice(Math.max(index - calibrationHours, 0), index).filter(isKnown);
    const noise = recent.length < leastCalibrationHours ? 1 : Math.max(deviationsPerMad * median(recent), 1);
    return scoreOf(count, baselines, noise);
  });
}

function times({ expected, deviation }: Baseline, factor: number): Baseline {
  return { expected: factor * expected, deviation: factor * deviation };
}

function scoreOf(count: number, baselines: readonly Baseline[], noise: number): ScoredHour | undefined {
  const [first] = baselines;
  if (!first) return undefined;
  const scores = baselines.map(
    ({ expected, deviation }) => (count - expected) / Math.max(deviation, noise * chance(expected)),
  );
  const isHigh = scores.every((score) => score > 0);
  const isLow = scores.every((score) => score < 0);
  const score = isHigh ? Math.min(...scores) : isLow ? Math.max(...scores) : 0;
  return { count, expected: first.expected, score };
}

/** The standard deviation of counts of independent clicks. */
function chance(expected: number): number {
  return Math.sqrt(Math.max(expected, leastClicks));
}

function isKnown(value: number | undefined): value is number {
  return value !== undefined;
}
