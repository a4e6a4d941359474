import type { Random } from '../../../domain/numbers/random';
import { clickJson } from '../../support/click-factory';
import { dayMs, hourMs, minuteMs } from '../settings';

interface PlannedClick {
  readonly ok: true;
  readonly eventId: string;
  readonly at: number;
  /** Raw value by dimension. */
  readonly counted: Readonly<Record<string, string | undefined>>;
  readonly visitor: string;
  readonly session: string | undefined;
}

interface Bad {
  readonly ok: false;
  readonly reason: string;
}

/** What a line must come to. Known because the line was made for it, and not by reading it. */
export type LineTruth = PlannedClick | Bad;

export interface PlannedLine {
  readonly text: string;
  readonly truth: LineTruth;
}

/** Names that a table, an expression or an object could trip over, and the item's own names. */
const treacherousValues = [
  'seq',
  'pk',
  'expiresAt',
  'packed',
  'other',
  'other:page',
  'cut',
  ':first',
  '#0',
  '__proto__',
  'constructor',
  '(other)',
  '\\(other)',
  'größe',
  ' ',
  '\u0000',
  '\ud83d',
];

/** About the 200 bytes at which values are cut: to them, across a character, and two that come to the same. */
const longValues = [
  'ü'.repeat(100),
  `${'ü'.repeat(100)}x`,
  `x${'ü'.repeat(100)}`,
  '€'.repeat(67),
  `x${'😀'.repeat(50)}`,
  'l'.repeat(199),
  `${'m'.repeat(200)}n`,
  'o'.repeat(300),
  `${'\ud83d'.repeat(67)}`,
];

const fewValues = ['/', '/docs', '/pricing'];

/** Mostly few, so that items and counters are shared. */
function someValue(random: Random): string {
  if (random.chance(0.8)) return random.pick(fewValues);
  return random.pick(random.chance(0.5) ? treacherousValues : longValues);
}

const agents = [
  { userAgent: undefined, device: 'unknown', bot: 'human' },
  {
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0',
    device: 'desktop',
    bot: 'human',
  },
  { userAgent: 'Googlebot/2.1 (+http://www.google.com/bot.html)', device: 'other', bot: 'bot' },
] as const;

/** Arrivals begin here. */
export const modelStart = Date.parse('2026-03-01T10:00:00.000Z');

/**
 * When an event happened that arrives now; far enough from an hour ago, and from when minutes expire, for all copies of it
 * to count alike.
 */
function timeOf(random: Random, now: number): number {
  if (random.chance(0.8)) return now - random.pick([0, 0, minuteMs, -5 * minuteMs]);
  // So long ago that its window may have expired, or in one that all of them share.
  if (random.chance(0.3)) return modelStart - 30 * dayMs;
  return now - random.pick([30 * minuteMs, 3 * hourMs, 30 * hourMs, 60 * hourMs, 4 * dayMs]);
}

/** A valid event that arrives about `now`. */
export function clickLine(random: Random, eventId: string, now: number): PlannedLine {
  const at = timeOf(random, now);
  const page = someValue(random);
  const type = random.chance(0.8) ? 'page_view' : someValue(random);
  const element = random.chance(0.1) ? random.pick(['', 'buy', 'm'.repeat(201)]) : undefined;
  const { userAgent, device, bot } = random.pick(agents);
  const isReferred = random.chance(0.1);
  const visitor = random.pick(['anna', 'ben', 'cleo', 'größe']);
  const session = random.pick([undefined, '', 'first', 'second']);
  const status = random.pick([undefined, undefined, undefined, 200, '404']);
  return {
    text: clickJson({
      eventId,
      page,
      type,
      visitorId: visitor,
      timestamp: new Date(at).toISOString(),
      ...(element === undefined ? {} : { element }),
      ...(userAgent === undefined ? {} : { userAgent }),
      ...(isReferred ? { referrer: 'https://News.example/today?x=1' } : {}),
      ...(session === undefined ? {} : { sessionId: session }),
      ...(status === undefined ? {} : { status }),
    }),
    truth: {
      ok: true,
      eventId,
      at,
      counted: {
        total: 'all',
        type,
        page,
        element: element || undefined,
        referrer: isReferred ? 'news.example' : undefined,
        device,
        bot,
        status: status === undefined ? undefined : `${String(status)[0]}xx`,
      },
      visitor,
      session: session || undefined,
    },
  };
}

const badLines: readonly PlannedLine[] = [
  ['no json', 'not_json'],
  ['[]', 'not_object'],
  ['{"a":1}', 'missing_field:eventId'],
  ['{"eventId":1}', 'mistyped_field:eventId'],
  [clickJson({ eventId: 'early', timestamp: '2099-03-02T10:00:00Z' }), 'future'],
  [clickJson({ eventId: 'nowhen', timestamp: 'yesterday' }), 'bad_timestamp'],
  [clickJson({ eventId: 'reserved', shardId: 'mine' }), 'reserved_field'],
].map(([text, reason]) => ({ text: text!, truth: { ok: false, reason: reason! } }));

export function badLine(random: Random): PlannedLine {
  return random.pick(badLines);
}

/** A record without a line at all counts as one that is empty. */
export const blankLine: PlannedLine = { text: ' \n', truth: { ok: false, reason: 'empty' } };
