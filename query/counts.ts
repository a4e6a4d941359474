import { formatWindow } from '../domain/counters/window';
import type { CountsByWindow } from '../report/aggregates-reader';
import { countIntervals } from '../report/interval-counts';
import { ParameterError } from './parameters';
import type { Windows } from './span';
import type { SharedViews } from './views';

/**
 * Counts by value, by the start of their window.
 *
 * @throws ParameterError where minutes stand for a part of an hour, and not all of them are kept
 */
export async function countWindows(
  dimension: string,
  { size, bounds, zone }: Windows,
  views: SharedViews,
): Promise<CountsByWindow> {
  const { counts, exactSince } = await countIntervals(dimension, bounds, size === 'minute', views.read);
  if (exactSince === undefined) return counts;
  throw new ParameterError(
    `${size}s of ${zone.name}, or the bounds, lie within hours of UTC, and not all minutes of those are kept`,
    `from ${formatWindow(exactSince)} or later, or window minute`,
  );
}
