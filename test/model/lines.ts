import fc from 'fast-check';
import { clickJson } from '../support/click-factory';

interface PlannedClick {
  readonly ok: true;
  readonly at: number;
  /** Value by dimension. */
  readonly counted: Readonly<Record<string, string | undefined>>;
  readonly visitor: string;
  readonly session: string | undefined;
}

interface Bad {
  readonly ok: false;
  readonly reason: string;
}

/** What a line must come to. Known because the line was made for it, and not by reading it. */
export type LineTruth = (PlannedClick & { readonly eventId: string }) | Bad;

/** A line before it knows the id of its event. */
export interface LinePlan {
  readonly truth: PlannedClick | Bad;
  /** Which of the shard's earlier ids it has once more; undefined for one of its own. */
  readonly again: number | undefined;
  readonly text: (eventId: string) => string;
}

/** Arrivals begin here; event times lie about it. */
export const modelStart = Date.parse('2026-03-01T10:00:00.000Z');
const minuteMs = 60_000;

/** Names that a table, an expression or an object could trip over, and the item's own names. */
const treacherousValues = [
  'seq',
  'pk',
  'sk',
  'expiresAt',
  'sizeBound',
  'other',
  'cut',
  'n:',
  'n:seq',
  '#0',
  ':first',
  ':n1',
  '__proto__',
  'constructor',
  '(other)',
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
  'm'.repeat(200),
  `${'m'.repeat(200)}n`,
  'o'.repeat(300),
  `${'\ud83d'.repeat(67)}`,
];

// Mostly few, so that items and counters are shared.
const value = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('/', '/docs', '/pricing') },
  { weight: 3, arbitrary: fc.constantFrom(...treacherousValues) },
  { weight: 3, arbitrary: fc.constantFrom(...longValues) },
);

const browser = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0';
const agents = [
  { userAgent: undefined, device: 'unknown', bot: 'human' },
  { userAgent: browser, device: 'desktop', bot: 'human' },
  { userAgent: 'Googlebot/2.1 (+http://www.google.com/bot.html)', device: 'other', bot: 'bot' },
] as const;

const referrers = [
  { referrer: undefined, host: undefined },
  { referrer: '-', host: undefined },
  { referrer: 'https://News.example/today?x=1', host: 'news.example' },
] as const;

/** Minutes from the first arrival: the same window, those beside it, another hour, and late by more than one. */
const eventMinutes = [0, 0, 0, -1, 1, -2, -59, -180];

const validLine: fc.Arbitrary<LinePlan> = fc
  .record({
    page: value,
    type: fc.oneof({ weight: 2, arbitrary: fc.constant('page_view') }, { weight: 1, arbitrary: value }),
    minute: fc.constantFrom(...eventMinutes),
    element: fc.constantFrom(undefined, undefined, '', 'buy', 'm'.repeat(201)),
    agent: fc.constantFrom(...agents),
    referrer: fc.constantFrom(...referrers),
    visitor: fc.constantFrom('anna', 'ben', 'cleo', 'seq', 'größe'),
    session: fc.constantFrom(undefined, '', 'first', 'second'),
    again: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: fc.nat(9) }),
  })
  .map(({ page, type, minute, element, agent, referrer, visitor, session, again }) => {
    const at = modelStart + minute * minuteMs;
    // Members without a value are left out of the JSON.
    const optional: Record<string, unknown> = {
      element,
      userAgent: agent.userAgent,
      referrer: referrer.referrer,
      sessionId: session,
    };
    return {
      truth: {
        ok: true,
        at,
        counted: {
          total: 'all',
          type,
          page,
          element: element || undefined,
          referrer: referrer.host,
          device: agent.device,
          bot: agent.bot,
        },
        visitor,
        session: session || undefined,
      },
      again,
      text: (eventId) =>
        clickJson({
          eventId,
          page,
          type,
          visitorId: visitor,
          timestamp: new Date(at).toISOString(),
          ...optional,
        }),
    };
  });

const badLines: readonly (readonly [text: string, reason: string])[] = [
  ['no json', 'not_json'],
  ['[]', 'not_object'],
  ['{"a":1}', 'missing_field:eventId'],
  ['{"eventId":1}', 'mistyped_field:eventId'],
  [clickJson({ eventId: 'early', timestamp: '2026-03-02T10:00:00Z' }), 'future'],
  [clickJson({ eventId: 'nowhen', timestamp: 'yesterday' }), 'bad_timestamp'],
  [clickJson({ eventId: 'reserved', shardId: 'mine' }), 'reserved_field'],
];

const badLine: fc.Arbitrary<LinePlan> = fc
  .constantFrom(...badLines)
  .map(([text, reason]) => ({ truth: { ok: false, reason }, again: undefined, text: () => text }));

export const line: fc.Arbitrary<LinePlan> = fc.oneof(
  { weight: 7, arbitrary: validLine },
  { weight: 1, arbitrary: badLine },
);

/** A record without a line at all counts as one that is empty. */
export const blankLine: LinePlan = {
  truth: { ok: false, reason: 'empty' },
  again: undefined,
  text: () => ' \n',
};
