import { type HourCounts, type ScoredHour, scoredHours } from './score';

export type Direction = 'high' | 'low';

/** Hours in a row in which a series is unusual, in one direction. */
export interface Episode {
  readonly direction: Direction;
  /** Index of its first hour. */
  readonly from: number;
  /** Index behind its last unusual hour. */
  readonly to: number;
  /** Sums over its hours. */
  readonly count: number;
  readonly expected: number;
  /** The score that is furthest from 0. */
  readonly score: number;
}

/**
 * When hours are unusual. Chosen by published figures of NAB and by simulated traffic; docs/anomalies.md has both.
 */
const limits = {
  /** Score of which `repeated` of `among` hours make an alarm. */
  score: 3.2,
  repeated: 2,
  among: 3,
  /** Score of which one hour is enough. */
  alone: 6,
  /** Share of what is expected, of which one hour is enough: nothing is left. */
  gone: 0.05,
  /** The least clicks expected of which it can be said that nothing is left. */
  leastExpected: 20,
} as const;

/** An episode goes on after so many usual hours: what comes and goes is one thing, of which one wants to hear once. */
export const holdHours = 3;

/** The unusual hours of a series from an index on, joined to episodes. */
export function episodesOf(series: HourCounts, from: number): readonly Episode[] {
  const first = Math.max(from - limits.among + 1, 0);
  const hours = scoredHours(series, first);
  const directions = hours.map((_, at) => directionAt(hours, at));
  return joined(hours, directions, first).filter(({ to }) => to > from);
}

/** Whether next to nothing is left of what is expected. */
export function isGone({ count, expected }: Pick<ScoredHour, 'count' | 'expected'>): boolean {
  return expected >= limits.leastExpected && count <= limits.gone * expected;
}

function directionAt(hours: readonly (ScoredHour | undefined)[], at: number): Direction | undefined {
  const hour = hours[at];
  if (!hour || Math.abs(hour.score) < limits.score) return undefined;
  const sign = Math.sign(hour.score);
  const latest = hours.slice(Math.max(at - limits.among + 1, 0), at + 1);
  const alike = latest.filter((one) => one && one.score * sign >= limits.score).length;
  const isEnough = Math.abs(hour.score) >= limits.alone || (sign < 0 && isGone(hour));
  return isEnough || alike >= limits.repeated ? (sign > 0 ? 'high' : 'low') : undefined;
}

function joined(
  hours: readonly (ScoredHour | undefined)[],
  directions: readonly (Direction | undefined)[],
  first: number,
): Episode[] {
  const episodes: Episode[] = [];
  for (const [at, direction] of directions.entries()) {
    if (!direction) continue;
    const last = episodes.at(-1);
    const goesOn = last?.direction === direction && first + at - last.to < holdHours;
    const from = goesOn ? last.from : first + at;
    const covered = hours.slice(from - first, at + 1);
    const episode = {
      ...{ direction, from, to: first + at + 1 },
      count: covered.reduce((sum, hour) => sum + (hour?.count ?? 0), 0),
      expected: covered.reduce((sum, hour) => sum + (hour?.expected ?? 0), 0),
      score: covered.reduce(
        (most, hour) => (Math.abs(hour?.score ?? 0) > Math.abs(most) ? hour!.score : most),
        0,
      ),
    };
    if (goesOn) episodes[episodes.length - 1] = episode;
    else episodes.push(episode);
  }
  return episodes;
}
