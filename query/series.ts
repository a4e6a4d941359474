import { formatWindow } from '../domain/counters/window';
import type { CountsByWindow } from '../report/aggregates-reader';
import type { Point, Series } from './answers';
import { countWindows } from './counts';
import { dimensionOf, type Parameters } from './parameters';
import type { ApiPorts } from './ports';
import { comparedWindows, refuseLostParts, spanOf, type Windows, windowsOf } from './span';

/** `GET /api/series`. @throws ParameterError */
export async function readSeries(given: Parameters, ports: ApiPorts): Promise<Series> {
  const dimension = dimensionOf(given, 'total');
  const value = given.text('value');
  const kept = { now: ports.now(), retentionDays: ports.settings.retentionDays };
  const windows = windowsOf(given, kept);
  refuseLostParts(windows, kept);
  const before = comparedWindows(given, windows, kept);
  const pointsIn = async (of: Windows): Promise<readonly Point[]> =>
    pointsOf(of, await countWindows(dimension, of, ports.views), value);
  const [points, earlier] = await Promise.all([pointsIn(windows), before && pointsIn(before)]);
  return {
    ...spanOf(windows, kept),
    dimension,
    ...(value === undefined ? {} : { value }),
    points,
    sum: sumOf(points),
    ...(before && earlier
      ? { previous: { from: spanOf(before, kept).from, points: earlier, sum: sumOf(earlier) } }
      : {}),
  };
}

function pointsOf({ bounds }: Windows, counts: CountsByWindow, value: string | undefined): Point[] {
  return bounds.slice(0, -1).map((start) => {
    const values = counts.get(start) ?? new Map<string, number>();
    const all = () => [...values.values()].reduce((sum, count) => sum + count, 0);
    return { at: formatWindow(start), count: value === undefined ? all() : (values.get(value) ?? 0) };
  });
}

function sumOf(points: readonly Point[]): number {
  return points.reduce((sum, { count }) => sum + count, 0);
}
