import { windowMs } from '../domain/counters/window';

/** A zone of the time zone database, with what its clocks show at any instant. */
export interface TimeZone {
  readonly name: string;
  /** How far its clocks are ahead of UTC, in milliseconds. */
  offsetMs(at: number): number;
  /** The first instant of a date of the zone, `2026-01-31`, in epoch milliseconds. Midnight itself is skipped on some days. */
  startOfDate(date: string): number;
  /** The date that the zone's calendars show. */
  dateAt(at: number): string;
  /** ISO 8601 with the offset: `2026-01-31T09:30:00+01:00`. */
  format(at: number): string;
}

/** Offsets change at quarters of an hour, and dates begin there. */
const quarterMs = 900_000;

/** Undefined for a name that the time zone database does not have. */
export function timeZoneNamed(name: string): TimeZone | undefined {
  const shown = offsetFormat(name);
  if (!shown) return undefined;
  const offsets = new Map<number, number>();
  const offsetMs = (at: number): number => {
    const quarter = Math.floor(at / quarterMs);
    let offset = offsets.get(quarter);
    if (offset === undefined) {
      offset = readOffset(shown.formatToParts(quarter * quarterMs));
      offsets.set(quarter, offset);
    }
    return offset;
  };
  const local = (at: number): string => new Date(at + offsetMs(at)).toISOString();
  const dateAt = (at: number): string => local(at).slice(0, 10);

  const starts = new Map<string, number>();
  const findStart = (date: string): number => {
    const midnightOfUtc = Date.parse(`${date}T00:00:00Z`);
    // So it is on nearly every date, and costs a fraction of the search.
    const likely = midnightOfUtc - offsetMs(midnightOfUtc);
    if (dateAt(likely) === date && dateAt(likely - quarterMs) < date) return likely;
    // No clock is further than this from UTC.
    const furthest = 15 * windowMs.hour;
    for (let at = midnightOfUtc - furthest; at < midnightOfUtc + furthest; at += quarterMs) {
      if (dateAt(at) === date) return at;
    }
    // Samoa left a whole date out.
    return midnightOfUtc - offsetMs(midnightOfUtc);
  };

  return {
    name,
    offsetMs,
    dateAt,
    startOfDate: (date) => {
      const start = starts.get(date) ?? findStart(date);
      starts.set(date, start);
      return start;
    },
    format: (at) => `${local(at).slice(0, 19)}${formatOffset(offsetMs(at))}`,
  };
}

function offsetFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `GMT`, `GMT+05:30`, or for times long ago `GMT-00:25:21`. */
function readOffset(parts: readonly Intl.DateTimeFormatPart[]): number {
  const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = /([+-])(\d+):?(\d+)?:?(\d+)?/.exec(text) ?? [];
  const offset = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -offset : offset;
}

function formatOffset(offset: number): string {
  const minutes = Math.abs(Math.trunc(offset / 60_000));
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
