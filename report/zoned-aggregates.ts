import { SetupError } from '../cli/setup-error';
import { dimensionNamed } from '../domain/counters/dimensions';
import { formatWindow, type WindowSize, windowMs } from '../domain/counters/window';
import { queryOf, type Range } from '../table/queries';
import { readView, type ViewedItem, type ViewPorts, type WindowQuery } from '../table/view';
import {
  type AggregateQuery,
  type AggregateRow,
  coarsestWindow,
  countsOf,
  readAggregates,
  rowsOf,
  topValues,
} from './aggregates-reader';
import { completeSince, countIntervals } from './interval-counts';
import type { TimeZone } from './time-zone';

/**
 * Reads the aggregates by the windows of a time zone: its minutes are those of UTC, and its hours and days are added up
 * from hours of UTC; where those do not fit, because the zone is a part of an hour from UTC, from minutes.
 *
 * @throws SetupError if it takes minutes, and not all of them are kept
 */
export async function readZonedAggregates(
  { dimension: name, window, ...range }: AggregateQuery,
  zone: TimeZone,
  ports: ViewPorts,
): Promise<AggregateRow[]> {
  const dimension = dimensionNamed(name);
  const startOf = (start: number): number => startOfWindow(window, start, zone);
  const queries = (sizes: readonly WindowSize[]) => sizes.map((size) => queryOf(dimension, size, range));
  let items: readonly ViewedItem[];
  if (window === 'minute') {
    ({ items } = await readView(queries(['minute']), ports));
  } else {
    ({ items } = await readView(queries(['hour']), ports));
    if (!hoursFit(items, range, zone)) {
      // In one view, so that what is counted meanwhile does not tell them apart.
      const view = await readView(queries(['hour', 'minute']), ports);
      items = view.items.filter(({ size }) => size === 'minute');
      const since = completeSince(name, view.items, range);
      if (since !== undefined) throw incomplete(zone, since);
    }
  }
  return rowsOf(dimension, countsOf(dimension, items, startOf), zone.format);
}

/**
 * The values with the largest counts over a range whose bounds are a zone's. Within them its hours do not matter, so that
 * the fewest windows serve that the bounds allow.
 *
 * @throws SetupError if it takes minutes, and not all of them are kept
 */
export async function topZonedValues(
  { dimension, from, to }: Omit<AggregateQuery, 'window'>,
  top: number,
  zone: TimeZone,
  ports: ViewPorts,
): Promise<Omit<AggregateRow, 'window'>[]> {
  if (from !== undefined && to !== undefined) {
    const bounds = [from, to].map((at) => Math.ceil(at / windowMs.minute) * windowMs.minute);
    const read = (queries: readonly WindowQuery[]) => readView(queries, ports);
    const { counts, exactSince } = await countIntervals(dimension, bounds, false, read);
    if (exactSince !== undefined) throw incomplete(zone, exactSince);
    return topValues(rowsOf(dimensionNamed(dimension), counts), top);
  }
  const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const window = coarsestWindow(from, to);
  const rows =
    window === 'minute'
      ? await readZonedAggregates({ dimension, window: 'hour', ...range }, zone, ports)
      : await readAggregates({ dimension, window, ...range }, ports);
  return topValues(rows, top);
}

/** When the window of a zone began that an instant lies in. */
export function startOfWindow(size: WindowSize, at: number, zone: TimeZone): number {
  if (size === 'day') return zone.startOfDate(zone.dateAt(at));
  const shown = at + zone.offsetMs(at);
  return at - (((shown % windowMs[size]) + windowMs[size]) % windowMs[size]);
}

/** Whether hours of UTC are hours of the zone, and bounds lie between them. */
export function hoursFit(
  items: readonly Pick<ViewedItem, 'start'>[],
  { from, to }: Range,
  zone: TimeZone,
): boolean {
  const isWhole = (at: number | undefined): boolean =>
    at === undefined || (at % windowMs.hour === 0 && zone.offsetMs(at) % windowMs.hour === 0);
  // Clocks may change within an hour of UTC, at its half.
  const isWholeThroughout = ({ start }: Pick<ViewedItem, 'start'>): boolean =>
    isWhole(start) && zone.offsetMs(start) === zone.offsetMs(start + windowMs.hour - 1);
  return isWhole(from) && isWhole(to) && items.every(isWholeThroughout);
}

function incomplete(zone: TimeZone, since: number): SetupError {
  return new SetupError(
    `--time-zone ${zone.name} is a part of an hour from UTC, so that its hours and days are added up from minutes, and not all of those are kept; allowed: --from ${formatWindow(since)} or later, or --window minute`,
  );
}
