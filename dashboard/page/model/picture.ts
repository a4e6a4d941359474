import { windowMs } from '../../../domain/counters/window';
import type { Point, Series, Uniques } from '../../../query/answers';
import type { WindowSize } from './range';

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
  /** The window is not over. */
  readonly isOpen: boolean;
  /** What is unusual about it, in words. */
  readonly unusual?: string;
}

/** Windows that have begun by `now`, each with the one at the same place in the range before. */
export function pictureOf({ points, window, ...rest }: Series | Uniques, now: number): Picture {
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
          isOpen: start + windowMs[window] > now,
        };
      })
      .filter(({ at }) => at <= now),
  };
}
