import type { RetentionDays } from '../domain/counters/retention';
import { formatWindow, type WindowSize, windowMs, windowSizes } from '../domain/counters/window';
import { parseTimestamp } from '../domain/event/timestamp';
import { coverOf, type WindowRange } from '../report/cover';
import { type TimeZone, timeZoneNamed } from '../report/time-zone';
import { startOfWindow } from '../report/zoned-aggregates';
import type { Span } from './answers';
import { limits, ParameterError, type Parameters, quoted } from './parameters';

/** A range, and where each of its windows begins. */
export interface Windows {
  readonly size: WindowSize;
  readonly zone: TimeZone;
  /** Epoch milliseconds of the start of each window, and of the end of the last. */
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
 * The range that a request asks for, widened to whole windows.
 *
 * @throws ParameterError for a range that is none or has too many windows
 */
export function windowsOf(given: Parameters, now: number): Windows {
  const zone = zoneOf(given);
  const to = instantOf(given, 'to', zone) ?? Math.floor(now / windowMs.hour + 1) * windowMs.hour;
  const from = instantOf(given, 'from', zone) ?? to - windowMs.day;
  if (from >= to) {
    throw new ParameterError(
      `from is ${formatWindow(from)} and to is ${formatWindow(to)}`,
      'a to that is later than from',
    );
  }
  const size = given.oneOf('window', windowSizes) ?? sizeFor(to - from);
  const count = (to - from) / windowMs[size];
  if (count > limits.points) {
    const larger = windowSizes.filter((other) => (to - from) / windowMs[other] <= limits.points);
    const windows = larger.length === 0 ? '' : `, or window ${larger.join(' or ')}`;
    throw new ParameterError(
      `from ${formatWindow(from)} to ${formatWindow(to)} are ${Math.ceil(count)} windows of a ${size}`,
      `at most ${limits.points} windows${windows}`,
    );
  }
  return cut(size, zone, boundsBetween(from, to, size, zone));
}

/** @throws ParameterError if the range needs windows that are kept no longer */
export function refuseLost(windows: Windows, kept: Kept): void {
  const lost = lostRange(windows, kept);
  if (!lost) return;
  const { size, zone, bounds } = windows;
  throw new ParameterError(
    `from is ${formatWindow(bounds[0]!)}, and the ${size}s of ${zone.name} there are read by the ${lost.size}, which is kept for ${kept.retentionDays[lost.size]} days`,
    `from ${formatWindow(lost.keptFrom)} or later, or a larger window, or the zone UTC`,
  );
}

/** As many windows before; undefined if they are kept no longer. */
export function windowsBefore({ size, zone, bounds }: Windows, kept: Kept): Windows | undefined {
  const to = bounds[0]!;
  const count = bounds.length - 1;
  const from =
    size === 'day' ? zone.startOfDate(addDays(zone.dateAt(to), -count)) : to - count * windowMs[size];
  const before = cut(size, zone, boundsBetween(from, to, size, zone));
  return lostRange(before, kept) ? undefined : before;
}

/** The same range, as one window that takes the fewest windows of UTC to read. */
export function asOneWindow({ bounds, ...windows }: Windows): Windows {
  return cut(windows.size, windows.zone, [bounds[0]!, bounds.at(-1)!]);
}

/** The range as an answer says it. */
export function spanOf({ size, zone, bounds }: Windows): Span {
  return { from: formatWindow(bounds[0]!), to: formatWindow(bounds.at(-1)!), window: size, zone: zone.name };
}

/** Windows between bounds, which are read by windows of UTC of some sizes. */
export function cut(
  size: WindowSize,
  zone: TimeZone,
  bounds: readonly number[],
  sizes = windowSizes as readonly WindowSize[],
): Windows {
  return { size, zone, bounds, ranges: coverOf(bounds, sizes) };
}

function zoneOf(given: Parameters): TimeZone {
  const name = given.text('zone') ?? 'UTC';
  const zone = timeZoneNamed(name);
  if (zone) return zone;
  throw new ParameterError(
    `zone is ${quoted(name)}`,
    'a name of the time zone database, such as Europe/Berlin or UTC',
  );
}

function instantOf(given: Parameters, name: 'from' | 'to', zone: TimeZone): number | undefined {
  const text = given.text(name);
  if (text === undefined) return undefined;
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const at = parseTimestamp(isDate ? `${text}T00:00Z` : text);
  if (at !== undefined && at >= earliest) return isDate ? zone.startOfDate(text) : at;
  throw new ParameterError(
    `${name} is ${quoted(text)}`,
    'a date (2026-01-31) or a time with its zone (2026-01-31T09:30Z), from 2000 on',
  );
}

/** Before, clocks were apart from UTC by parts of a minute in places. */
const earliest = Date.UTC(2000, 0, 1);

/** Some hundred windows at the most: what a picture can show. */
function sizeFor(length: number): WindowSize {
  if (length <= 6 * windowMs.hour) return 'minute';
  return length <= 14 * windowMs.day ? 'hour' : 'day';
}

function boundsBetween(from: number, to: number, size: WindowSize, zone: TimeZone): readonly number[] {
  const bounds = [startOfWindow(size, from, zone)];
  while (bounds.at(-1)! < to) bounds.push(nextStart(bounds.at(-1)!, size, zone));
  return bounds;
}

function nextStart(start: number, size: WindowSize, zone: TimeZone): number {
  if (size !== 'day') {
    const next = startOfWindow(size, start + windowMs[size], zone);
    // Clocks that are put forward by half an hour cut their hour short.
    return next > start ? next : start + windowMs[size];
  }
  // Midday of the next date is in it, whatever its length.
  let date = zone.dateAt(start);
  let next = start;
  while (next <= start) {
    date = addDays(date, 1);
    next = zone.startOfDate(date);
  }
  return next;
}

function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * windowMs.day).toISOString().slice(0, 10);
}

/** The first range of windows that may be deleted by now, and from when on they are there. */
function lostRange(
  { ranges }: Windows,
  { now, retentionDays }: Kept,
): { readonly size: WindowSize; readonly keptFrom: number } | undefined {
  for (const { size, from } of ranges) {
    const days = retentionDays[size];
    const oldest = now - days * windowMs.day;
    // A window lives from the latest arrival in it on, so at least from its end.
    if (days > 0 && from + windowMs[size] <= oldest) {
      return { size, keptFrom: Math.ceil(oldest / windowMs.day) * windowMs.day };
    }
  }
  return undefined;
}
