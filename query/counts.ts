import { dimensionNamed } from '../domain/counters/dimensions';
import { formatWindow, windowMs } from '../domain/counters/window';
import { type CountsByWindow, countsOf } from '../report/aggregates-reader';
import { boundBefore, type WindowRange } from '../report/cover';
import { completeSince } from '../report/zoned-aggregates';
import { queryOf } from '../table/queries';
import { ParameterError } from './parameters';
import type { Windows } from './span';
import type { SharedViews } from './views';

/**
 * Counts by value, by the start of their window.
 *
 * @throws ParameterError where minutes stand for a part of an hour, and not all of them are kept
 */
export async function countWindows(
  dimensionName: string,
  windows: Windows,
  views: SharedViews,
): Promise<CountsByWindow> {
  const dimension = dimensionNamed(dimensionName);
  const { size, bounds, ranges, zone } = windows;
  const queries = (of: readonly WindowRange[]) => of.map((range) => queryOf(dimension, range.size, range));
  const parted = size === 'minute' ? [] : partedHours(ranges);
  const { items } = await views.read([...queries(ranges), ...queries(parted)]);
  if (parted.length > 0) {
    const isParted = ({ size: of, start }: (typeof items)[number]): boolean =>
      parted.some((range) => range.size === of && start >= range.from && start < range.to);
    const since = completeSince(dimension.name, items.filter(isParted));
    if (since !== undefined) {
      throw new ParameterError(
        `${size}s of ${zone.name} begin within hours of UTC, and not all minutes of those are kept`,
        `from ${formatWindow(since)} or later, or window minute`,
      );
    }
  }
  const isAsked = ({ size: of, start }: (typeof items)[number]): boolean =>
    ranges.some((range) => range.size === of && start >= range.from && start < range.to);
  return countsOf(dimension, items.filter(isAsked), (start) => boundBefore(bounds, start)!);
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
