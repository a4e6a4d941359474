import { monthNames, weekdayNames } from '../../domain/calendar';

const tokens: Readonly<Record<string, (date: Date) => string | number>> = {
  YYYY: (date) => padded(date.getUTCFullYear(), 4),
  YY: (date) => padded(date.getUTCFullYear() % 100, 2),
  MMMM: (date) => monthNames[date.getUTCMonth()]!,
  MMM: (date) => monthNames[date.getUTCMonth()]!.slice(0, 3),
  MM: (date) => padded(date.getUTCMonth() + 1, 2),
  M: (date) => date.getUTCMonth() + 1,
  Do: (date) => ordinal(date.getUTCDate()),
  DD: (date) => padded(date.getUTCDate(), 2),
  D: (date) => date.getUTCDate(),
  dddd: (date) => weekdayNames[date.getUTCDay()]!,
  ddd: (date) => weekdayNames[date.getUTCDay()]!.slice(0, 3),
  HH: (date) => padded(date.getUTCHours(), 2),
  H: (date) => date.getUTCHours(),
  hh: (date) => padded(date.getUTCHours() % 12 || 12, 2),
  h: (date) => date.getUTCHours() % 12 || 12,
  mm: (date) => padded(date.getUTCMinutes(), 2),
  m: (date) => date.getUTCMinutes(),
  ss: (date) => padded(date.getUTCSeconds(), 2),
  s: (date) => date.getUTCSeconds(),
  SSS: (date) => padded(date.getUTCMilliseconds(), 3),
  A: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
  a: (date) => (date.getUTCHours() < 12 ? 'am' : 'pm'),
  ZZ: () => '+0000',
  Z: () => '+00:00',
  X: (date) => Math.floor(date.getTime() / 1000),
  x: (date) => date.getTime(),
};

// Longer tokens first, so that MMMM is not MM twice. Text in brackets stands for itself; a bracket that opens within it
// ends the search for the closing one, or a format of open brackets would be searched to its end from each.
const names = Object.keys(tokens).sort((a, b) => b.length - a.length);
const pattern = new RegExp(String.raw`\[([^[\]]*)\]|${names.join('|')}`, 'g');

/**
 * An instant (epoch milliseconds) in UTC by a format of moment.js, which the Kinesis Data Generator takes: its tokens
 * for year, month, day, hour, minute, second, millisecond, half of the day, offset and epoch.
 */
export function formatDate(at: number, format: string): string {
  const date = new Date(at);
  return format.replaceAll(
    pattern,
    (token, text: string | undefined) => text ?? String(tokens[token]!(date)),
  );
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}

function ordinal(day: number): string {
  const suffix = day > 10 && day < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th');
  return `${day}${suffix}`;
}
