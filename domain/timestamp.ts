const pattern =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:Z|([+-])(\d{2})(?::?(\d{2}))?)$/;

const earliest = Date.UTC(1970, 0, 1);
const latest = Date.UTC(10000, 0, 1);

/**
 * Epoch milliseconds of an ISO 8601 date and time with a zone (`Z`, `+02:00`, `+0200` or `+02`), with seconds and
 * their fraction optional; below a millisecond it is cut. Undefined for anything else: a day that the month does
 * not have, a leap second, no zone, a year before 1970.
 *
 * `Date.parse` is no substitute: it takes the 31st of February for the 3rd of March, and a zoneless time for local.
 */
export function parseTimestamp(text: string): number | undefined {
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

/**
 * As `parseTimestamp`, of the form that `Date.prototype.toISOString` prints, which is what most events have:
 * straight from the bytes, without making a string of them. Undefined for any other form, and for no time.
 *
 * @param start of the text, its opening quote passed
 * @param end one past its last byte, the closing quote left out
 */
export function parsePrintedInstant(bytes: Buffer, start: number, end: number): number | undefined {
  if (end - start !== 'YYYY-MM-DDTHH:MM:SS.mmmZ'.length || !isPrintedForm(bytes, start)) return undefined;
  const year = digits(bytes, start, 4);
  const month = digits(bytes, start + 5, 2);
  const day = digits(bytes, start + 8, 2);
  const hour = digits(bytes, start + 11, 2);
  const minute = digits(bytes, start + 14, 2);
  const second = digits(bytes, start + 17, 2);
  const millisecond = digits(bytes, start + 20, 3);
  // Not a number wherever one of them is none, and then no comparison holds.
  const isTime = hour <= 23 && minute <= 59 && second <= 59 && millisecond <= 999;
  if (!isTime || !(year >= 1970 && month >= 1 && month <= 12 && day >= 1)) return undefined;
  if (day > 28 && day > daysOf(year, month)) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
}

function isPrintedForm(bytes: Buffer, start: number): boolean {
  return (
    bytes[start + 4] === 0x2d && // -
    bytes[start + 7] === 0x2d &&
    bytes[start + 10] === 0x54 && // T
    bytes[start + 13] === 0x3a && // :
    bytes[start + 16] === 0x3a &&
    bytes[start + 19] === 0x2e && // .
    bytes[start + 23] === 0x5a // Z
  );
}

/** Not a number if one of them is no digit. */
function digits(bytes: Buffer, start: number, count: number): number {
  let value = 0;
  for (let at = start; at < start + count; at++) {
    const digit = bytes[at]! - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

let printedSecond = Number.NaN;
let printedText = '';

/**
 * As `Date.prototype.toISOString`. What is printed often lies in the second that was printed last.
 *
 * @param at epoch milliseconds from 1970, below one cut
 * @throws RangeError for no time
 */
export function printInstant(at: number): string {
  const second = Math.floor(at / 1000);
  if (second !== printedSecond) {
    printedText = new Date(second * 1000).toISOString().slice(0, -'000Z'.length);
    printedSecond = second;
  }
  return `${printedText}${String(1000 + Math.floor(at - second * 1000)).slice(1)}Z`;
}
