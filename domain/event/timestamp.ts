const pattern =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:Z|([+-])(\d{2})(?::?(\d{2}))?)$/;

const earliest = Date.UTC(1970, 0, 1);
const printedLength = 'YYYY-MM-DDTHH:MM:SS.mmmZ'.length;
const latest = Date.UTC(10000, 0, 1);

/**
 * Epoch milliseconds of an ISO 8601 date and time with a zone (`Z`, `+02:00`, `+0200` or `+02`), with seconds and
 * their fraction optional; below a millisecond it is cut. Undefined for anything else: a day that the month does
 * not have, a leap second, no zone, a year before 1970.
 *
 * `Date.parse` is no substitute: it takes the 31st of February for the 3rd of March, and a zoneless time for local.
 */
export function parseTimestamp(text: string): number | undefined {
  // Most events print their time as `toISOString` does, which `Date.parse` reads much faster than the pattern.
  const printed = text.length === printedLength ? Date.parse(text) : Number.NaN;
  if (printed >= earliest && new Date(printed).toISOString() === text) return printed;
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second = '0',
    fraction = '',
    sign,
    offsetHour = '0',
    offsetMinute = '0',
  ] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return undefined;
  const local = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (local.getUTCMonth() !== Number(month) - 1 || local.getUTCDate() !== Number(day)) return undefined;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  local.setUTCHours(Number(hour), Number(minute), Number(second), milliseconds);
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000 * (sign === '-' ? -1 : 1);
  const at = local.getTime() - offset;
  return at >= earliest && at < latest ? at : undefined;
}
