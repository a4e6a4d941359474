import { type Dimension, dimensions } from '../domain/counters/dimensions';
import { sketchName } from '../domain/counters/fold';
import { groupOf } from '../domain/counters/item';
import { type WindowSize, windowSizes } from '../domain/counters/window';
import { type Unique, uniques } from '../domain/visitors/uniques';
import type { WindowQuery } from './view';

/** Windows that start in an interval of epoch milliseconds, its end not included. */
export type Range = Pick<WindowQuery, 'from' | 'to'>;

export function queryOf(dimension: Dimension, size: WindowSize, range: Range = {}): WindowQuery {
  return { group: groupOf(dimension), buckets: dimension.buckets, size, ...range };
}

export function queryOfSketches(unique: Unique, size: WindowSize, range: Range = {}): WindowQuery {
  return { group: sketchName(unique), buckets: unique.buckets, size, ...range };
}

/** Everything that is counted, by the windows of some sizes. */
export function everyQuery(
  sizes: readonly WindowSize[] = windowSizes,
  range: Range = {},
  sketches: readonly Unique[] = uniques,
): WindowQuery[] {
  const byGroup = new Map(dimensions.map((dimension) => [groupOf(dimension), dimension]));
  return [
    ...sizes.flatMap((size) => [...byGroup.values()].map((dimension) => queryOf(dimension, size, range))),
    ...sketches.flatMap((unique) =>
      unique.windows
        .filter((size) => sizes.includes(size))
        .map((size) => queryOfSketches(unique, size, range)),
    ),
  ];
}
