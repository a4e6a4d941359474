import { dimensionNamed } from '../domain/counters/dimensions';
import { formatWindow, windowMs } from '../domain/counters/window';
import { queryOf, type Range } from '../table/queries';
import { readView, type ViewedItem, type ViewPorts } from '../table/view';
import { type AggregateRow, countsOf, rowsOf, topValues } from './aggregates-reader';
import type { TimeZone } from './time-zone';

/** What one wants to know first: the latest hours in which anything happened. */
export interface Overview {
  /** Clicks by hour, hours without any among them, from the first that has some. */
  readonly hours: readonly AggregateRow[];
  readonly topPages: readonly Omit<AggregateRow, 'window'>[];
  /** Sums over these hours. */
  readonly clicks: number;
  readonly late: number;
  readonly duplicates: number;
  readonly invalid: number;
}

const hoursShown = 12;
const pagesShown = 10;

const [total, page] = [dimensionNamed('total'), dimensionNamed('page')];

/** @returns undefined if nothing is counted */
export async function readOverview(ports: ViewPorts, zone?: TimeZone): Promise<Overview | undefined> {
  // What is counted in an hour is counted in its day, and a year has few of those.
  const lastDay = lastStart((await readView([queryOf(total, 'day')], ports)).items);
  if (lastDay === undefined) return undefined;
  const thatDay = { from: lastDay, to: lastDay + windowMs.day };
  const lastHour = lastStart((await readView([queryOf(total, 'hour', thatDay)], ports)).items);
  if (lastHour === undefined) return undefined;
  const to = lastHour + windowMs.hour;
  const range: Range = { from: to - hoursShown * windowMs.hour, to };
  const queries = [total, page].map((dimension) => queryOf(dimension, 'hour', range));
  const { items } = await readView(queries, ports);

  const format = zone?.format ?? formatWindow;
  const clicks = countsOf(total, items);
  const firstHour = items.reduce((first, { start }) => Math.min(first, start), lastHour);
  for (let hour = firstHour; hour < to; hour += windowMs.hour) {
    if (!clicks.has(hour)) clicks.set(hour, new Map([['all', 0]]));
  }
  const sum = (name: string): number => {
    const counts = [...countsOf(dimensionNamed(name), items).values()];
    return counts.reduce((all, values) => [...values.values()].reduce((a, b) => a + b, all), 0);
  };
  return {
    hours: rowsOf(total, clicks, format),
    topPages: topValues(rowsOf(page, countsOf(page, items)), pagesShown),
    clicks: sum('total'),
    late: sum('late'),
    duplicates: sum('duplicate'),
    invalid: sum('invalid'),
  };
}

/** The start of the last window that counts anything, clicks or invalid. */
function lastStart(items: readonly ViewedItem[]): number | undefined {
  return items.reduce<number | undefined>(
    (last, { start }) => (last === undefined || start > last ? start : last),
    undefined,
  );
}
