import { historyHours } from '../domain/anomalies/baseline';
import { type Finding, findAnomalies, type SiteHours } from '../domain/anomalies/findings';
import { lastSettledHour } from '../domain/anomalies/settled-hour';
import { otherValue } from '../domain/counters/counter-value';
import { type Dimension, dimensionNamed } from '../domain/counters/dimensions';
import { windowMs, windowStart } from '../domain/counters/window';
import { estimate, type Sketch } from '../domain/visitors/sketch';
import { decodeSketch } from '../domain/visitors/sketch-bytes';
import type { ShardEntry } from '../table/log-table';
import { queryOf, queryOfSketches, type Range } from '../table/queries';
import type { ViewedItem, ViewedShard } from '../table/view';
import { countsOf } from './aggregates-reader';
import type { ReadWindows } from './interval-counts';
import { addSketch, uniqueNamed } from './uniques-reader';

/** An anomaly in its time. */
export interface Anomaly
  extends Pick<Finding, 'subject' | 'value' | 'kind' | 'count' | 'expected' | 'score' | 'isOpen'> {
  /** Start of its first hour and end of its last unusual one, in epoch milliseconds. */
  readonly from: number;
  readonly to: number;
}

export interface AnomalyQuery {
  /** Whole hours that are judged, in epoch milliseconds; the end is not included. All their counts must be whole. */
  readonly from: number;
  readonly to: number;
  /** In epoch milliseconds; before the hours that are kept by then there is no history. */
  readonly now: number;
  readonly hourRetentionDays: number;
  /** Whether visitors are counted. */
  readonly withVisitors: boolean;
}

/** More are rarely looked at, and each is one more that may be wrong. */
const valuesJudged = 10;

/** Items of large sites are read so many hours at a time, and only what is judged is kept of them. */
const sliceMs = 7 * windowMs.day;

const [total, type, page] = ['total', 'type', 'page'].map(dimensionNamed) as [
  Dimension,
  Dimension,
  Dimension,
];
const visitors = uniqueNamed({ unique: 'visitors', dimension: 'total', window: 'hour' });

/**
 * Start of the latest hour whose counts are whole, in epoch milliseconds; undefined if nothing is counted.
 *
 * @param shards as a view has them, with what is not folded yet
 * @param entries of the same shards
 * @param foldedAfterMs age at which what is counted is folded
 */
export function settledHour(
  shards: readonly ViewedShard[],
  entries: readonly ShardEntry[],
  now: number,
  foldedAfterMs: number,
): number | undefined {
  const foldedAt = new Map(entries.map(({ shardKey, compactedAt }) => [shardKey, compactedAt]));
  return lastSettledHour(
    shards.map(({ shardKey, countedUntil }) => ({ countedUntil, foldedAt: foldedAt.get(shardKey) })),
    now,
    foldedAfterMs,
  );
}

/** Judges hours of the site by the weeks before them. */
export async function readAnomalies(query: AnomalyQuery, read: ReadWindows): Promise<readonly Anomaly[]> {
  const { from, to, now, hourRetentionDays } = query;
  // The first one may be deleted by now.
  const keptFrom = windowStart('hour', now - hourRetentionDays * windowMs.day) + windowMs.hour;
  const begin = Math.max(from - historyHours * windowMs.hour, keptFrom);
  if (begin >= to) return [];
  const site = await readSite({ from: begin, to }, query.withVisitors, read);
  const at = (hour: number): number => begin + hour * windowMs.hour;
  return findAnomalies(site, Math.max((from - begin) / windowMs.hour, 0)).map((finding) => ({
    ...finding,
    from: at(finding.from),
    to: at(finding.to),
  }));
}

type HourRange = Required<Range>;

async function readSite(range: HourRange, withVisitors: boolean, read: ReadWindows): Promise<SiteHours> {
  const hours = (range.to - range.from) / windowMs.hour;
  const none = (): number[] => new Array<number>(hours).fill(0);
  const pages = new Map((await topPages(range, read)).map((value) => [value, none()]));
  const types = new Map<string, number[]>();
  const site = { total: none(), types, pages, ...(withVisitors && { visitors: none() }) };
  for (let start = range.from; start < range.to; start += sliceMs) {
    const slice = { from: start, to: Math.min(start + sliceMs, range.to) };
    const queries = [total, page].map((dimension) => queryOf(dimension, 'hour', slice));
    const ofVisitors = withVisitors ? [queryOfSketches(visitors, 'hour', slice)] : [];
    const { items } = await read([...queries, ...ofVisitors]);
    const add = (dimension: Dimension, seriesOf: (value: string) => number[] | undefined): void => {
      for (const [hour, values] of countsOf(dimension, items)) {
        for (const [value, count] of values) {
          const series = seriesOf(value);
          if (series) series[(hour - range.from) / windowMs.hour]! += count;
        }
      }
    };
    add(total, () => site.total);
    add(page, (value) => pages.get(value));
    add(type, (value) => {
      if (!types.has(value)) types.set(value, none());
      return types.get(value)!;
    });
    for (const [hour, count] of visitorsOf(items))
      site.visitors![(hour - range.from) / windowMs.hour] = count;
  }
  return { ...site, types: new Map(largest(types)) };
}

/** By days, which are few. */
async function topPages({ from, to }: HourRange, read: ReadWindows): Promise<readonly string[]> {
  const { items } = await read([queryOf(page, 'day', { from: windowStart('day', from), to })]);
  const sums = new Map<string, number[]>();
  for (const values of countsOf(page, items).values()) {
    for (const [value, count] of values) sums.set(value, [(sums.get(value)?.[0] ?? 0) + count]);
  }
  return largest(sums).map(([value]) => value);
}

function largest(series: ReadonlyMap<string, number[]>): [string, number[]][] {
  const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
  return [...series]
    .filter(([value]) => value !== otherValue)
    .sort(([a, m], [b, n]) => sum(n) - sum(m) || (a < b ? -1 : 1))
    .slice(0, valuesJudged);
}

/** Distinct visitors of each hour, over all shards. */
function visitorsOf(items: readonly ViewedItem[]): Map<number, number> {
  const sketches = new Map<number, Sketch>();
  for (const { start, content } of items) {
    for (const bytes of content.sketches.values()) addSketch(sketches, start, decodeSketch(bytes));
  }
  return new Map([...sketches].map(([hour, sketch]) => [hour, Math.round(estimate(sketch))]));
}
