import type { RetentionDays } from '../domain/counters/retention';
import { formatWindow, type WindowSize, windowMs, windowSizes, windowStart } from '../domain/counters/window';
import { parseTimestamp } from '../domain/event/timestamp';
import { coverOf, type WindowRange } from '../report/cover';
import type { TimeZone } from '../report/time-zone';
import { startOfWindow } from '../report/zoned-aggregates';
import type { Span } from './answers';
import { limits, ParameterError, type Parameters, quoted } from './parameters';
import { rememberedZone } from './zones';

/** A range that is cut into windows. */
export interface Windows {
  readonly size: WindowSize;
  readonly zone: TimeZone;
  /** Epoch milliseconds: the start of the range, that of each further window in it, and the end of the range. */
  readonly bounds: readonly number[];
  /** The windows of UTC that it is read by. */
  readonly ranges: readonly WindowRange[];
}

/** What decides how far back a range may go. */
export interface Kept {
  readonly now: number;
  readonly retentionDays: RetentionDays;
}

/**
 * The range that a request asks for, to the minute; where minutes are kept no longer, widened to whole hours or days.
 *
 * @throws ParameterError for a range that is none, or has too many windows
 */
export function windowsOf(given: Parameters, kept: Kept): Windows {
  const zone = zoneOf(given);
  const end = given.text('to');
  const start = given.text('from');
  const to = end === undefined ? windowStart('hour', kept.now) + windowMs.hour : instantOf('to', end, zone);
  const from = start === undefined ? to - windowMs.day : instantOf('from', start, zone);
  if (from >= to) {
    const shown = `from is ${formatWindow(from)} and to is ${formatWindow(to)}`;
    throw new ParameterError(shown, 'a to that is later than from');
  }
  const size = keptSize(given.oneOf('window', windowSizes) ?? sizeFor(to - from), from, kept);
  const count = Math.ceil((to - from) / windowMs[size]);
  if (count > limits.points) {
    const fitting = windowSizes.filter((other) => (to - from) / windowMs[other] <= limits.points);
    throw new ParameterError(
      `from ${formatWindow(from)} to ${formatWindow(to)} are ${count} windows of a ${size}`,
      `at most ${limits.points} windows${fitting.length === 0 ? '' : `, or window ${fitting.join(' or ')}`}`,
    );
  }
  return cut(size, zone, keptBound(from, Math.floor, kept), keptBound(to, Math.ceil, kept));
}

/**
 * As long a range to compare with, if the request asks for one and it is kept still.
 *
 * @throws ParameterError for a range that is not before
 */
export function comparedWindows(
  given: Parameters,
  { size, zone, bounds }: Windows,
  kept: Kept,
): Windows | undefined {
  const compare = given.text('compare');
  if (compare === undefined) return undefined;
  const [from, to] = [bounds[0]!, bounds.at(-1)!];
  // Days are as long as the zone's clocks make them.
  const days =
    size === 'day' && [from, to].every((at) => startOfWindow('day', at, zone) === at) ? bounds.length - 1 : 0;
  const shifted = (at: number, direction: 1 | -1): number =>
    days > 0 ? zone.startOfDate(addDays(zone.dateAt(at), direction * days)) : at + direction * (to - from);
  const asked = compare === 'previous' ? shifted(from, -1) : instantOf('compare', compare, zone);
  const start = windowStart('minute', asked);
  if (start >= from)
    throw new ParameterError(`compare is ${quoted(compare)}`, 'previous, or a time before from');
  const before = cut(size, zone, start, shifted(start, 1));
  return lostRange(before, kept) ? undefined : before;
}

/** @throws ParameterError if windows of the range are put together of parts that may be deleted by now */
export function refuseLostParts(windows: Windows, kept: Kept): void {
  const { size, zone, bounds } = windows;
  const lost = lostRange(windows, kept);
  if (!lost || windowMs[lost.size] >= windowMs[size]) return;
  throw new ParameterError(
    `from is ${formatWindow(bounds[0]!)}, and the ${size}s of ${zone.name} there are read by the ${lost.size}, which is kept for ${kept.retentionDays[lost.size]} days`,
    `from ${formatWindow(lost.keptFrom)} or later, window ${lost.size}, or the zone UTC`,
  );
}

/** The same range, as one window that takes the fewest windows of UTC to read. */
export function asOneWindow({ bounds, ...windows }: Windows): Windows {
  const whole = [bounds[0]!, bounds.at(-1)!];
  return { ...windows, bounds: whole, ranges: coverOf(whole) };
}

/** The range as an answer says it. */
export function spanOf(windows: Windows, kept: Kept): Span {
  const { size, zone, bounds } = windows;
  const lost = lostRange(windows, kept);
  return {
    ...{ from: formatWindow(bounds[0]!), to: formatWindow(bounds.at(-1)!), window: size, zone: zone.name },
    ...(lost ? { keptFrom: formatWindow(lost.keptFrom) } : {}),
  };
}

/** Cuts a range where windows of the zone begin. */
function cut(size: WindowSize, zone: TimeZone, from: number, to: number): Windows {
  const bounds = [from];
  let next = nextStart(startOfWindow(size, from, zone), size, zone);
  while (next < to) {
    bounds.push(next);
    next = nextStart(next, size, zone);
  }
  bounds.push(to);
  return { size, zone, bounds, ranges: coverOf(bounds) };
}

function nextStart(start: number, size: WindowSize, zone: TimeZone): number {
  if (size !== 'day') {
    const next = startOfWindow(size, start + windowMs[size], zone);
    // Clocks that are put forward by half an hour cut their hour short.
    return next > start ? next : start + windowMs[size];
  }
  let date = zone.dateAt(start);
  let next = start;
  // A date that a zone left out begins where the next one does.
  while (next <= start) {
    date = addDays(date, 1);
    next = zone.startOfDate(date);
  }
  return next;
}

function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * windowMs.day).toISOString().slice(0, 10);
}

function zoneOf(given: Parameters): TimeZone {
  const name = given.text('zone') ?? 'UTC';
  const zone = rememberedZone(name);
  if (zone) return zone;
  throw new ParameterError(
    `zone is ${quoted(name)}`,
    'a name of the time zone database, such as Europe/Berlin or UTC',
  );
}

/** Before, clocks were apart from UTC by parts of a minute in places. */
const earliest = Date.UTC(2000, 0, 1);

function instantOf(name: 'from' | 'to' | 'compare', text: string, zone: TimeZone): number {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const at = parseTimestamp(isDate ? `${text}T00:00Z` : text);
  if (at !== undefined && at >= earliest) return isDate ? zone.startOfDate(text) : at;
  throw new ParameterError(
    `${name} is ${quoted(text)}`,
    `${name === 'compare' ? 'previous, or ' : ''}a date (2026-01-31) or a time with its zone (2026-01-31T09:30Z), from 2000 on`,
  );
}

/** Some hundred windows at the most: what a picture can show. */
function sizeFor(length: number): WindowSize {
  if (length <= 6 * windowMs.hour) return 'minute';
  return length <= 14 * windowMs.day ? 'hour' : 'day';
}

/** A larger window where those that are asked for may be deleted, and the larger may not. */
function keptSize(size: WindowSize, from: number, kept: Kept): WindowSize {
  const larger = windowSizes.slice(windowSizes.indexOf(size));
  return larger.find((other) => !isLost(other, windowStart(other, from), kept)) ?? size;
}

/** Rounded to the smallest window that is kept there. */
function keptBound(at: number, round: (windows: number) => number, kept: Kept): number {
  const rounded = (size: WindowSize): number => round(at / windowMs[size]) * windowMs[size];
  // Minutes are compared with their hour, so that all of those have to be there.
  if (!isLost('minute', windowStart('hour', at), kept)) return rounded('minute');
  return rounded(isLost('hour', windowStart('day', at), kept) ? 'day' : 'hour');
}

/** Whether a window may be deleted by now. It lives from the latest arrival in it on, so at least from its end. */
function isLost(size: WindowSize, start: number, { now, retentionDays }: Kept): boolean {
  const days = retentionDays[size];
  return days > 0 && start + windowMs[size] <= now - days * windowMs.day;
}

/** The first range of windows that may be deleted by now, and from when on they are there. */
function lostRange(
  { ranges }: Windows,
  kept: Kept,
): { readonly size: WindowSize; readonly keptFrom: number } | undefined {
  const lost = ranges.find(({ size, from }) => isLost(size, from, kept));
  if (!lost) return undefined;
  const oldest = kept.now - kept.retentionDays[lost.size] * windowMs.day;
  return { size: lost.size, keptFrom: Math.ceil(oldest / windowMs.day) * windowMs.day };
}
