import { type WindowSize, windowMs, windowSizes, windowStart } from '../../../domain/counters/window';
import type { About } from '../../../query/answers';
import { type TimeZone, timeZoneNamed } from '../../../report/time-zone';
import { type Range, type RangeChoice, rangeAt } from './range';

/** A range that can be counted, and the zone whose days and hours it has. */
export interface ToldRange {
  readonly range: Range;
  readonly zone: TimeZone;
  /** Whether that is decided: it may have to be known how long windows are kept. */
  readonly isKnown: boolean;
  /** The windows that days or hours of the zone that was asked for would be added up from, where those are gone. */
  readonly missing?: { readonly size: 'minute' | 'hour'; readonly days: number };
}

type RetentionDays = About['retentionDays'];

const utc = timeZoneNamed('UTC')!;

/**
 * The range at `now` by the clocks of a zone, as far as those can be counted. Its days are added up from hours; where its hours
 * are apart from UTC by a part of one, minutes stand for that; and neither is kept as long as days are. Where they are gone,
 * it is of whole hours or days of UTC.
 *
 * @param kept days that windows are kept; undefined while that is not known
 */
export function toldRange(
  choice: RangeChoice,
  now: number,
  asked: TimeZone,
  kept: RetentionDays | undefined,
): ToldRange {
  const range = rangeAt(choice, now, asked);
  const ofZone = { range, zone: asked };
  const offsets = [range.from, range.to].map((at) => asked.offsetMs(at));
  const size = offsets.some((offset) => offset % windowMs.hour !== 0) ? 'minute' : 'hour';
  if (offsets.every((offset) => offset === 0)) return { ...ofZone, isKnown: true };
  // Hours are kept for long, nearly everywhere: what they are asked for does not wait.
  if (!kept) return { ...ofZone, isKnown: size === 'hour' || isOfLastHour(range, now) };
  const days = kept[size];
  const whole = size === 'minute' ? 'hour' : 'day';
  // The server's minute may be the next one already.
  const isKept = (at: number) => at > now + windowMs.minute - days * windowMs.day;
  if (days === 0 || isKept(windowStart(whole, range.from))) return { ...ofZone, isKnown: true };

  const { from, to, window } = rangeAt(choice, now, utc);
  const end = to > now ? to : windowStart(whole, to + windowMs[whole] - 1);
  const ofUtc = { from: windowStart(whole, from), to: end, window };
  return { range: ofUtc, zone: utc, isKnown: true, missing: { size, days } };
}

function isOfLastHour({ from, to }: Range, now: number): boolean {
  return to > now && to - from <= windowMs.hour;
}

/** What a range is cut into: what was asked for, or the finest that suits and that is still kept. */
export function keptWindow(
  { from, window }: Range,
  now: number,
  kept: RetentionDays | undefined,
): WindowSize {
  const isKept = (size: WindowSize): boolean => {
    const days = kept?.[size] ?? 0;
    return days === 0 || from >= now - days * windowMs.day;
  };
  return windowSizes.slice(windowSizes.indexOf(window)).find(isKept) ?? window;
}
