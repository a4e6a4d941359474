import { monthNames, weekdayNames } from '../../domain/event/calendar';

interface CalendarFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

type Part = (fields: CalendarFields) => string;

interface Letter {
  /** The longest run that Java accepts. */
  readonly maxWidth: number;
  readonly format: (fields: CalendarFields, width: number) => string;
}

const padded = (value: number, width: number) => String(value).padStart(width, '0');
const number = (maxWidth: number, read: (fields: CalendarFields) => number): Letter => ({
  maxWidth,
  format: (fields, width) => padded(read(fields), width),
});
/** Text fields: up to three letters give the short name, four the full one, five the initial. */
const text = (name: string, width: number) => {
  if (width === 5) return name.slice(0, 1);
  return width === 4 ? name : name.slice(0, 3);
};
const year: Letter = {
  maxWidth: 10,
  format: (fields, width) => (width === 2 ? padded(fields.year % 100, 2) : padded(fields.year, width)),
};
const month: Letter = {
  maxWidth: 5,
  format: ({ month: value }, width) =>
    width <= 2 ? padded(value, width) : text(monthNames[value - 1] ?? '', width),
};

const LETTERS: Readonly<Record<string, Letter>> = {
  y: year,
  u: year,
  M: month,
  L: month,
  d: number(2, ({ day }) => day),
  D: number(3, (fields) => dayOfYear(fields)),
  E: { maxWidth: 5, format: (fields, width) => text(weekday(fields), width) },
  a: { maxWidth: 1, format: ({ hour }) => (hour < 12 ? 'AM' : 'PM') },
  H: number(2, ({ hour }) => hour),
  k: number(2, ({ hour }) => hour || 24),
  K: number(2, ({ hour }) => hour % 12),
  h: number(2, ({ hour }) => hour % 12 || 12),
  m: number(2, ({ minute }) => minute),
  s: number(2, ({ second }) => second),
  S: {
    maxWidth: 9,
    format: ({ millisecond }, width) => padded(millisecond, 3).padEnd(9, '0').slice(0, width),
  },
};

/**
 * Compiles a Java `DateTimeFormatter` pattern, English locale, for instants in one time zone.
 * Throws on a letter outside the subset, which covers calendar dates and times of day, on a run of letters
 * that Java refuses, and on an unknown zone.
 */
export function compileDatePattern(pattern: string, timeZone: string): (instant: number) => string {
  const parts = parse(pattern);
  const calendar = calendarOf(timeZone);
  return (instant) => {
    const fields = calendar(instant);
    return parts.map((part) => part(fields)).join('');
  };
}

function parse(pattern: string): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; ) {
    const char = pattern.charAt(at);
    if (char === "'") {
      const { literal, end } = quoted(pattern, at);
      parts.push(() => literal);
      at = end;
    } else if (/[A-Za-z]/.test(char)) {
      let end = at + 1;
      while (pattern.charAt(end) === char) end++;
      parts.push(field(char, end - at, pattern));
      at = end;
    } else if ('[]{}#'.includes(char)) {
      throw new Error(`Date pattern "${pattern}": "${char}" is reserved; put it between single quotes`);
    } else {
      parts.push(() => char);
      at++;
    }
  }
  return parts;
}

function quoted(pattern: string, start: number): { literal: string; end: number } {
  let literal = '';
  for (let at = start + 1; at < pattern.length; at++) {
    if (pattern.charAt(at) !== "'") {
      literal += pattern.charAt(at);
    } else if (pattern.charAt(at + 1) === "'") {
      literal += "'";
      at++;
    } else {
      return { literal: at === start + 1 ? "'" : literal, end: at + 1 };
    }
  }
  throw new Error(`Date pattern "${pattern}": a single quote is not closed`);
}

function field(char: string, width: number, pattern: string): Part {
  const letter = LETTERS[char];
  if (char === 'Y') {
    throw new Error(
      `Date pattern "${pattern}": Y is the week-based year, wrong around New Year; the calendar year is yyyy`,
    );
  }
  if (!letter) {
    const known = Object.keys(LETTERS).join(' ');
    throw new Error(`Date pattern "${pattern}": letter ${char} is not supported here; known are ${known}`);
  }
  if (width > letter.maxWidth) {
    throw new Error(
      `Date pattern "${pattern}": at most ${letter.maxWidth} letters ${char} may follow each other`,
    );
  }
  return (fields) => letter.format(fields, width);
}

function calendarOf(timeZone: string): (instant: number) => CalendarFields {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    throw new Error(
      `Time zone "${timeZone}" is not known; an IANA name is expected, such as UTC or Asia/Tokyo`,
      {
        cause,
      },
    );
  }
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const read = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    return {
      year: read('year'),
      month: read('month'),
      day: read('day'),
      hour: read('hour'),
      minute: read('minute'),
      second: read('second'),
      millisecond: ((instant % 1000) + 1000) % 1000,
    };
  };
}

function dayOfYear({ year, month, day }: CalendarFields): number {
  return (Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / 86_400_000 + 1;
}

function weekday({ year, month, day }: CalendarFields): string {
  return weekdayNames[new Date(Date.UTC(year, month - 1, day)).getUTCDay()] ?? '';
}
