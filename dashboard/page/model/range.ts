import { type WindowSize, windowMs, windowSizes, windowStart } from '../../../domain/counters/window';
import type { TimeZone } from '../../../report/time-zone';

export const rangeNames = ['live', 'today', 'yesterday', '24h', '7d', '30d', 'month', 'custom'] as const;
export type RangeName = (typeof rangeNames)[number];

/** What was asked for; `from` and `to`, in epoch milliseconds, belong to `custom`. */
export interface RangeChoice {
  readonly range: RangeName;
  readonly from?: number;
  readonly to?: number;
  /** Absent: what suits the length. */
  readonly window?: WindowSize;
}

/** From `from` on and before `to`, in epoch milliseconds, cut into windows. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly window: WindowSize;
}

const { minute: minuteMs, hour: hourMs, day: dayMs } = windowMs;

/** More points than this say nothing on any screen. */
const mostPoints = 1_500;

/** The range at `now`: one that goes up to now ends with the minute that is under way. */
export function rangeAt(choice: RangeChoice, now: number, zone: TimeZone): Range {
  const { from, to } = edges(choice, now, zone);
  const windows = windowsFor({ from, to });
  const window = choice.window !== undefined && windows.includes(choice.window) ? choice.window : windows[0]!;
  return { from, to, window };
}

/** What a range can be cut into, the best one first. */
export function windowsFor({ from, to }: Pick<Range, 'from' | 'to'>): readonly WindowSize[] {
  const length = to - from;
  const best: WindowSize = length <= 6 * hourMs ? 'minute' : length <= 8 * dayMs ? 'hour' : 'day';
  const others = windowSizes.filter(
    (size) => size !== best && length / windowMs[size] <= mostPoints && length >= 2 * windowMs[size],
  );
  return [best, ...others];
}

function edges(
  { range, from, to }: RangeChoice,
  now: number,
  zone: TimeZone,
): { readonly from: number; readonly to: number } {
  const startOfDay = zone.startOfDate(zone.dateAt(now));
  const end = windowStart('minute', now) + minuteMs;
  switch (range) {
    case 'live':
      return { from: end - 30 * minuteMs, to: end };
    case 'today':
      return { from: startOfDay, to: end };
    case 'yesterday':
      return { from: daysBefore(startOfDay, 1, zone), to: startOfDay };
    case '24h':
      return { from: startOfHour(now, zone) - 23 * hourMs, to: end };
    case '7d':
      return { from: daysBefore(startOfDay, 6, zone), to: end };
    case '30d':
      return { from: daysBefore(startOfDay, 29, zone), to: end };
    case 'month':
      return { from: zone.startOfDate(`${zone.dateAt(now).slice(0, 8)}01`), to: end };
    case 'custom': {
      const start = from ?? startOfDay;
      return { from: start, to: Math.max(to ?? end, start + minuteMs) };
    }
  }
}

/** The start of the hour that `at` lies in, as the zone's clocks show it. */
function startOfHour(at: number, zone: TimeZone): number {
  const offset = zone.offsetMs(at);
  return Math.floor((at + offset) / hourMs) * hourMs - offset;
}

/** The start of an earlier day: noon less whole days is in the right date, whatever the clocks did in between. */
function daysBefore(startOfDay: number, days: number, zone: TimeZone): number {
  return zone.startOfDate(zone.dateAt(startOfDay + 12 * hourMs - days * dayMs));
}

/**
 * Where the range to compare with begins. One that goes up to now is compared with the same part of the day, of the week
 * or of the month before; any other with as long a time just before it.
 */
export function previousFrom({ range }: RangeChoice, { from, to }: Range, zone: TimeZone): number {
  switch (range) {
    case 'today':
    case 'yesterday':
      return daysBefore(from, 1, zone);
    case '24h':
      return from - dayMs;
    case '7d':
      return daysBefore(from, 7, zone);
    case '30d':
      return daysBefore(from, 30, zone);
    case 'month':
      return zone.startOfDate(`${zone.dateAt(from - hourMs).slice(0, 8)}01`);
    case 'live':
    case 'custom':
      return from - (to - from);
  }
}

/** A range of the same middle, of `factor` times the length, that ends at `latest` at the latest. */
export function zoomed(
  { from, to }: Pick<Range, 'from' | 'to'>,
  factor: number,
  latest: number,
): Pick<Range, 'from' | 'to'> {
  const length = Math.max(Math.round(((to - from) * factor) / minuteMs), 5) * minuteMs;
  const middle = (from + to) / 2;
  const end = Math.min(Math.ceil((middle + length / 2) / minuteMs) * minuteMs, Math.max(latest, to));
  return { from: end - length, to: end };
}
