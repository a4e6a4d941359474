import type { CountsByWindow } from '../report/aggregates-reader';
import type { Top, TopRow } from './answers';
import { countWindows } from './counts';
import { dimensionOf, limits, type Parameters } from './parameters';
import type { ApiPorts } from './ports';
import { asOneWindow, comparedWindows, spanOf, type Windows, windowsOf } from './span';

/** `GET /api/top`. @throws ParameterError */
export async function readTop(given: Parameters, ports: ApiPorts): Promise<Top> {
  const dimension = dimensionOf(given, 'page');
  const limit = given.integer('limit', 1, limits.rows) ?? limits.defaultRows;
  const search = given.text('search')?.toLowerCase();
  const kept = { now: ports.now(), retentionDays: ports.settings.retentionDays };
  const windows = windowsOf(given, kept);
  const before = comparedWindows(given, windows, kept);
  const sumsIn = async (of: Windows): Promise<ReadonlyMap<string, number>> =>
    sumsOf(await countWindows(dimension, asOneWindow(of), ports.views));
  const [sums, earlier] = await Promise.all([sumsIn(windows), before && sumsIn(before)]);

  const found = [...sums]
    .filter(([value, count]) => count !== 0 && (search === undefined || value.toLowerCase().includes(search)))
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const rows = found.slice(0, limit).map(
    ([value, count]): TopRow => ({
      value,
      count,
      ...(earlier ? { previous: earlier.get(value) ?? 0 } : {}),
    }),
  );
  const sum = [...sums.values()].reduce((all, count) => all + count, 0);
  return { ...spanOf(windows, kept), dimension, rows, values: found.length, sum };
}

/** Over all windows. */
function sumsOf(counts: CountsByWindow): Map<string, number> {
  const [first = new Map<string, number>()] = counts.values();
  return first;
}
