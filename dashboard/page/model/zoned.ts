import type { WindowSize } from '../../../domain/counters/window';
import type { TimeZone } from '../../../report/time-zone';

/** A zone's clock at an instant, as a field of a form has it: `2026-01-31T09:30`. */
export function localText(at: number, zone: TimeZone): string {
  return zone.format(at).slice(0, 16);
}

/**
 * The instant at which a zone's clock shows a text of a form. A time that is shown twice is the first one; one that is
 * skipped is as far behind the gap as it was in it. Undefined if it is no time.
 */
export function instantOf(text: string, zone: TimeZone): number | undefined {
  const asUtc = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(`${text.slice(0, 16)}Z`) : Number.NaN;
  if (Number.isNaN(asUtc)) return undefined;
  const before = asUtc - zone.offsetMs(asUtc - 86_400_000);
  if (localText(before, zone) === text.slice(0, 16)) return before;
  const after = asUtc - zone.offsetMs(asUtc + 86_400_000);
  return localText(after, zone) === text.slice(0, 16) ? after : before;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `28 Nov`. */
export function dayText(at: number, zone: TimeZone): string {
  const date = zone.dateAt(at);
  return `${Number(date.slice(8))} ${months[Number(date.slice(5, 7)) - 1]}`;
}

/** `09:30`. */
export function timeText(at: number, zone: TimeZone): string {
  return localText(at, zone).slice(11);
}

/** `09:30:15`. */
export function clockText(at: number, zone: TimeZone): string {
  return zone.format(at).slice(11, 19);
}

/** What a window is called: `Sat 28 Nov`, `Sat 28 Nov, 09:00`. */
export function windowText(at: number, window: WindowSize, zone: TimeZone): string {
  const day = `${weekdays[new Date(`${zone.dateAt(at)}T00:00:00Z`).getUTCDay()]} ${dayText(at, zone)}`;
  return window === 'day' ? day : `${day}, ${timeText(at, zone)}`;
}

/** A range in words: `28 Nov`, `28 Nov, 09:00–10:30`, `22–28 Nov`, `27 Nov, 09:00 – 28 Nov, 09:00`. */
export function rangeText(from: number, to: number, zone: TimeZone): string {
  const startsWithDay = timeText(from, zone) === '00:00';
  const endsWithDay = timeText(to, zone) === '00:00';
  const first = dayText(from, zone);
  const last = dayText(endsWithDay ? to - 1 : to, zone);
  if (startsWithDay && endsWithDay) return first === last ? first : `${first} – ${last}`;
  if (first === last)
    return `${first}, ${timeText(from, zone)}–${endsWithDay ? '24:00' : timeText(to, zone)}`;
  return `${first}, ${timeText(from, zone)} – ${dayText(to, zone)}, ${timeText(to, zone)}`;
}
