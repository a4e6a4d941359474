import { type Baseline, baselinesAt, deviationsPerMad, median, weekHours } from './baseline';

/** How unusual an hour of a series is. */
export interface ScoredHour {
  readonly count: number;
  readonly expected: number;
  /** How many standard deviations its root is above (or, negative, below) what is expected; 0 if baselines disagree. */
  readonly score: number;
}

/** Counts by hour, without a gap. */
export interface HourCounts {
  readonly counts: ArrayLike<number>;
  /** What the counts are in proportion to: visitors, whose clicks are counted. Without it, the counts themselves are judged. */
  readonly per?: ArrayLike<number>;
}

/** So many clicks are added everywhere: a handful more or less is nothing, whatever is usual. */
const handful = 9;

/** Hours whose own deviation from what was expected says how well this series can be expected at all. */
const calibrationHours = weekHours;
const leastCalibrationHours = 24;

/**
 * Scores the hours from an index on; undefined for an hour with too little history.
 *
 * Twice the square roots of counts are compared: chance moves those of clicks that come one by one by 1 at the most,
 * whatever is usual (Poisson), and a fall to a half stands out about as much as a rise to twice.
 *
 * Twelve hours of a baseline may lie close together by chance. So the deviation is at least what chance does, and at least
 * what this series deviated from its own baselines in the week before: clicks come in visits, and a site has its moods.
 */
export function scoredHours(series: HourCounts, from: number): (ScoredHour | undefined)[] {
  const { counts } = series;
  const first = Math.max(from - calibrationHours, 0);
  const hours = Array.from({ length: Math.max(counts.length - first, 0) }, (_, at) =>
    comparedAt(series, first + at),
  );
  const offs = hours.map(({ own, baselines: [baseline] }) => baseline && Math.abs(own - baseline.expected));
  return hours.slice(from - first).map(({ own, baselines }, at) => {
    const index = from - first + at;
    const recent = offs.slice(Math.max(index - calibrationHours, 0), index).filter(isKnown);
    const usual = recent.length < leastCalibrationHours ? 0 : deviationsPerMad * median(recent);
    return scoreOf(counts[first + index]!, own, baselines, Math.max(usual, 1));
  });
}

interface Compared {
  readonly own: number;
  readonly baselines: readonly Baseline[];
}

/** An hour and what it is compared with, as roots; of other hours the clicks that as many visitors would have made. */
function comparedAt({ counts, per }: HourCounts, hour: number): Compared {
  const visitors = (at: number): number => (per ? Math.max(per[at] ?? 0, 1) : 1);
  const here = visitors(hour);
  const rootAt = (at: number): number => 2 * Math.sqrt((counts[at]! * here) / visitors(at) + handful);
  return { own: rootAt(hour), baselines: baselinesAt(rootAt, hour) };
}

function scoreOf(
  count: number,
  own: number,
  baselines: readonly Baseline[],
  least: number,
): ScoredHour | undefined {
  const [first] = baselines;
  if (!first) return undefined;
  const scores = baselines.map(({ expected, deviation }) => (own - expected) / Math.max(deviation, least));
  const isHigh = scores.every((score) => score > 0);
  const isLow = scores.every((score) => score < 0);
  const score = isHigh ? Math.min(...scores) : isLow ? Math.max(...scores) : 0;
  return { count, expected: (first.expected / 2) ** 2 - handful, score };
}

function isKnown(value: number | undefined): value is number {
  return value !== undefined;
}
