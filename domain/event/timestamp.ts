import { wordsOf } from '../bytes/words';

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
  if (end - start !== 'YYYY-MM-DDTHH:MM:SS.mmmZ'.length || bytes[end - 1] !== 0x5a) return undefined;
  const words = wordsOf(bytes);
  // In each byte a digit, or 0 where the sign between two of them is the right one.
  const hours = words.getInt32(start + 'YYYY-MM-DDT'.length, true) ^ 0x303a3030; // HH:M
  const seconds = words.getInt32(start + 'YYYY-MM-DDTHH:M'.length, true) ^ 0x30303a30; // M:SS
  const millis = words.getInt32(start + 'YYYY-MM-DDTHH:MM:SS'.length, true) ^ 0x3030302e; // .mmm
  // The top bit is set in bytes beyond 9, and beyond 0 for a sign.
  const beyond =
    hours | (hours + 0x767f7676) | seconds | (seconds + 0x76767f76) | millis | (millis + 0x7676767f);
  if ((beyond & 0x80808080) !== 0) return undefined;
  const hour = (hours & 0xff) * 10 + ((hours >> 8) & 0xff);
  const minute = (hours >> 24) * 10 + (seconds & 0xff);
  const second = ((seconds >> 16) & 0xff) * 10 + (seconds >> 24);
  const millisecond = ((millis >> 8) & 0xff) * 100 + ((millis >> 16) & 0xff) * 10 + (millis >> 24);
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const day = readDay(words, start);
  return day === undefined ? undefined : day + ((hour * 60 + minute) * 60 + second) * 1000 + millisecond;
}

/** The day that was read last, by the words of its text, which overlap. */
let lastYear = 0;
let lastMonth = 0;
let lastDayAndT = 0;
let lastDay: number | undefined;

/** Where a day begins, in epoch milliseconds; undefined unless it is printed as `YYYY-MM-DDT` and from 1970. */
function readDay(words: DataView, start: number): number | undefined {
  const year = words.getInt32(start, true);
  const month = words.getInt32(start + 'YYYY'.length, true);
  const dayAndT = words.getInt32(start + 'YYYY-MM'.length, true);
  if (year !== lastYear || month !== lastMonth || dayAndT !== lastDayAndT) {
    const text = String.fromCharCode(
      ...Array.from({ length: 'YYYY-MM-DDT'.length }, (_, at) => words.getUint8(start + at)),
    );
    lastDay = parseTimestamp(`${text}00:00Z`);
    lastYear = year;
    lastMonth = month;
    lastDayAndT = dayAndT;
  }
  return lastDay;
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
