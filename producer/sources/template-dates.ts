import { monthNames, weekdayNames } from '../../domain/event/calendar';

const dayMs = 86_400_000;

const tokens: Readonly<Record<string, (date: Date) => string | number>> = {
  YYYY: (date) => padded(date.getUTCFullYear(), 4),
  Y: (date) => date.getUTCFullYear(),
  YY: (date) => padded(date.getUTCFullYear() % 100, 2),
  Qo: (date) => ordinal(quarter(date)),
  Q: quarter,
  MMMM: (date) => monthNames[date.getUTCMonth()]!,
  MMM: (date) => monthNames[date.getUTCMonth()]!.slice(0, 3),
  MM: (date) => padded(date.getUTCMonth() + 1, 2),
  Mo: (date) => ordinal(date.getUTCMonth() + 1),
  M: (date) => date.getUTCMonth() + 1,
  DDDD: (date) => padded(dayOfYear(date), 3),
  DDDo: (date) => ordinal(dayOfYear(date)),
  DDD: dayOfYear,
  Do: (date) => ordinal(date.getUTCDate()),
  DD: (date) => padded(date.getUTCDate(), 2),
  D: (date) => date.getUTCDate(),
  dddd: (date) => weekdayNames[date.getUTCDay()]!,
  ddd: (date) => weekdayNames[date.getUTCDay()]!.slice(0, 3),
  dd: (date) => weekdayNames[date.getUTCDay()]!.slice(0, 2),
  do: (date) => ordinal(date.getUTCDay()),
  d: (date) => date.getUTCDay(),
  E: (date) => date.getUTCDay() || 7,
  HH: (date) => padded(date.getUTCHours(), 2),
  H: (date) => date.getUTCHours(),
  hh: (date) => padded(date.getUTCHours() % 12 || 12, 2),
  h: (date) => date.getUTCHours() % 12 || 12,
  mm: (date) => padded(date.getUTCMinutes(), 2),
  m: (date) => date.getUTCMinutes(),
  ss: (date) => padded(date.getUTCSeconds(), 2),
  s: (date) => date.getUTCSeconds(),
  A: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  a: (date) => (date.getUTCHours() < 12 ? 'am' : 'pm'),
  ZZ: () => '+0000',
  Z: () => '+00:00',
  X: (date) => Math.floor(date.getTime() / 1000),
  x: (date) => date.getTime(),
};

// Longer tokens first, so that MMMM is not MM twice. Text in brackets stands for itself; a bracket that opens within it
// ends the search for the closing one, or a format of open brackets would be searched to its end from each. The last
// are what moment puts something for that is not made here: weeks, eras, names of zones, what a language decides.
const names = Object.keys(tokens).sort((a, b) => b.length - a.length);
const pattern = new RegExp(
  String.raw`\[([^[\]]*)\]|(S{1,9})|(Y{5,})|${names.join('|')}|([GLNWegklwyz])\4*`,
  'g',
);

/**
 * An instant (epoch milliseconds) in UTC by a format of moment.js, which the Kinesis Data Generator takes: its tokens
 * for year, quarter, month, day, hour, minute, second and its fraction, half of the day, offset and epoch.
 */
export function formatDate(at: number, format: string): string {
  const date = new Date(at);
  return format.replaceAll(pattern, (token, text: string | undefined, fraction: string | undefined) => {
    if (fraction !== undefined) {
      return padded(date.getUTCMilliseconds(), 3).padEnd(fraction.length, '0').slice(0, fraction.length);
    }
    return text ?? String(tokens[token]?.(date) ?? token);
  });
}

/** The first token of moment's that `formatDate` has nothing for. */
export function unknownToken(format: string): string | undefined {
  for (const [token, , , longYear, other] of format.matchAll(pattern)) {
    if ((longYear ?? other) !== undefined) return token;
  }
  return undefined;
}

function quarter(date: Date): number {
  return Math.floor(date.getUTCMonth() / 3) + 1;
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayMs) + 1;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}

function ordinal(number: number): string {
  const suffix =
    number % 100 > 10 && number % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${number}${suffix}`;
}
