import { windowMs } from '../../domain/counters/window';
import type { Point, Series, Span, Top, TopRow, Uniques } from '../../query/answers';
import { timeZoneNamed } from '../../report/time-zone';
import { type FakeData, hourMs, isoOf } from './fake-data';

/** What the API says to a question, made up from the question and the data. */
export function answer(name: string, given: URLSearchParams, answers: FakeData): object {
  if (name === 'about') return answers.about;
  if (name === 'health') return answers.health;
  if (name === 'anomalies') return { ...answers.anomalies, from: given.get('from'), to: given.get('to') };
  const asked = spanOf(given);
  if (name === 'series') return seriesOf(asked, given, answers);
  return name === 'top' ? topOf(asked, given, answers) : uniquesOf(asked, given);
}

interface AskedSpan extends Span {
  readonly starts: readonly number[];
  readonly before: readonly number[] | undefined;
}

function spanOf(given: URLSearchParams): AskedSpan {
  const [from, to] = ['from', 'to'].map((name) => Date.parse(given.get(name)!));
  const window = (given.get('window') ?? 'hour') as Span['window'];
  const zone = given.get('zone') ?? 'UTC';
  const starts = startsOf(from!, to!, window, zone);
  const compare = given.get('compare');
  const earlier = compare === 'previous' ? from! - (to! - from!) : Date.parse(compare ?? '');
  const before = compare ? startsOf(earlier, earlier + (to! - from!), window, zone) : undefined;
  return { from: given.get('from')!, to: given.get('to')!, window, zone, starts, before };
}

function startsOf(from: number, to: number, window: Span['window'], zone: string): number[] {
  const starts: number[] = [];
  const days = timeZoneNamed(zone)!;
  for (let at = from; at < to; ) {
    starts.push(at);
    at = window === 'day' ? days.startOfDate(days.dateAt(at + 36 * hourMs)) : at + windowMs[window];
  }
  return starts;
}

/** More by day than by night, and a little more every day; whole numbers that the time alone decides. */
function countIn(at: number, window: Span['window'], perHour: number): number {
  const day = Math.sin(((at / hourMs - 9) / 24) * 2 * Math.PI) * 0.6 + 1;
  const noise = 1 + 0.12 * Math.sin(at / 60_000 / 7.3) + 0.08 * Math.sin(at / 60_000 / 2.1);
  const growth = 1 + (at % (40 * windowMs.day)) / (80 * windowMs.day);
  const share = windowMs[window] / hourMs;
  return Math.round(perHour * share * (window === 'day' ? 1 : day) * noise * growth);
}

function pointsOf(starts: readonly number[], window: Span['window'], perHour: number): Point[] {
  return starts.map((at) => ({ at: isoOf(at), count: countIn(at, window, perHour) }));
}

function sumOf(points: readonly Point[]): number {
  return points.reduce((sum, { count }) => sum + count, 0);
}

function rateOf(dimension: string, value: string | null, { values }: FakeData): number {
  const all = values[dimension] ?? [];
  if (value !== null) return all.find(([name]) => name === value)?.[1] ?? 0;
  return all.reduce((sum, [, perHour]) => sum + perHour, 0);
}

function seriesOf({ starts, before, ...span }: AskedSpan, given: URLSearchParams, answers: FakeData): Series {
  const [dimension, value] = [given.get('dimension')!, given.get('value')];
  const rate = rateOf(dimension, value, answers);
  const points = pointsOf(starts, span.window, rate);
  const earlier = before && pointsOf(before, span.window, rate * 0.93);
  return {
    ...span,
    dimension,
    ...(value === null ? {} : { value }),
    points,
    sum: sumOf(points),
    ...(earlier && { previous: { from: isoOf(before[0]!), points: earlier, sum: sumOf(earlier) } }),
  };
}

function topOf({ starts, before, ...span }: AskedSpan, given: URLSearchParams, answers: FakeData): Top {
  const dimension = given.get('dimension')!;
  const search = given.get('search')?.toLowerCase();
  const length = sumOf(pointsOf(starts, span.window, 1_000)) / 1_000;
  const rows = (answers.values[dimension] ?? []).map(
    ([value, perHour], place): TopRow => ({
      value,
      count: Math.round(perHour * length),
      ...(before && { previous: Math.round(perHour * length * (0.8 + ((place * 7) % 5) / 10)) }),
    }),
  );
  const found = rows.filter(({ value }) => !search || value.toLowerCase().includes(search));
  return {
    ...span,
    dimension,
    rows: found.slice(0, Number(given.get('limit') ?? 10)),
    values: found.length,
    sum: rows.reduce((sum, { count }) => sum + count, 0),
  };
}

function uniquesOf({ starts, before, ...span }: AskedSpan, given: URLSearchParams): Uniques {
  const rate = given.get('unique') === 'visitors' ? 410 : 530;
  const window = span.window === 'minute' ? 'hour' : span.window;
  const whole =
    window === span.window ? starts : [...new Set(starts.map((at) => Math.floor(at / hourMs) * hourMs))];
  const points = pointsOf(whole, window, rate);
  return {
    ...span,
    window,
    from: isoOf(whole[0]!),
    to: window === span.window ? span.to : isoOf(whole.at(-1)! + hourMs),
    unique: given.get('unique') as Uniques['unique'],
    scope: given.get('scope') as Uniques['scope'],
    estimate: { count: Math.round(sumOf(points) * 0.6), standardError: 0.01625 },
    ...(before && { previous: { count: Math.round(sumOf(points) * 0.55), standardError: 0.01625 } }),
    points,
  };
}
