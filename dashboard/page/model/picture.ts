import { type WindowSize, windowMs } from '../../../domain/counters/window';
import type { Health, Point, Series, Uniques } from '../../../query/answers';

/** What the chart draws and its table lists. */
export interface Picture {
  readonly window: WindowSize;
  readonly points: readonly PicturePoint[];
  readonly hasPrevious: boolean;
}

export interface PicturePoint {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly count: number;
  readonly previous?: { readonly at: number; readonly count: number };
  /** The window is not over, or not all of it is counted yet. */
  readonly isSoFar: boolean;
  /** What is unusual about it, in words. */
  readonly unusual?: string;
}

/**
 * Up to when everything that came is counted, in epoch milliseconds; undefined if nothing is. Where nothing comes any more,
 * the lag tells how far: what is not behind is up to date.
 */
export function countedUpTo({ now, countedUntil, lagMs, lagAt = now }: Health): number | undefined {
  if (countedUntil === undefined) return undefined;
  const at = Date.parse(countedUntil);
  return lagMs?.counting === undefined ? at : Math.max(at, Date.parse(lagAt) - lagMs.counting);
}

/**
 * Windows that have begun by `now`, each with the one at the same place in the range before.
 *
 * @param toldUntil windows that end later say what is counted so far
 */
export function pictureOf(
  { points, window, ...rest }: Series | Uniques,
  now: number,
  toldUntil: number,
): Picture {
  const previous: readonly Point[] | undefined =
    rest.previous && 'points' in rest.previous ? rest.previous.points : undefined;
  return {
    window,
    hasPrevious: previous !== undefined,
    points: points
      .map(({ at, count }, place): PicturePoint => {
        const start = Date.parse(at);
        const before = previous?.[place];
        return {
          at: start,
          count,
          ...(before && { previous: { at: Date.parse(before.at), count: before.count } }),
          isSoFar: start + windowMs[window] > toldUntil,
        };
      })
      .filter(({ at }) => at <= now),
  };
}
