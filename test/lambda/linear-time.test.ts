import fc from 'fast-check';
import { list as botPatterns } from 'isbot';
import { encodeBody } from '../../domain/counters/delta-body';
import { foldLines } from '../../domain/counters/fold';
import { duplicateFilter } from '../../domain/duplicates/duplicate-filter';
import type { ClickEvent } from '../../domain/event/click-event';
import { linesOf } from '../../domain/event/shard-lines';
import { uniques } from '../../domain/visitors/uniques';
import { transform } from '../../lambda/transformer/transform';
import { clickJson } from '../support/click-factory';
import { fastestTime } from '../support/fastest-time';

const arrivedAt = Date.parse('2026-03-01T10:00:00.000Z');
const largest = 256 * 1024;
/**
 * Of each path. What this was made for took 1,600 and more. Outside of Jest, whose sandbox looks up `Set` and `Math` anew
 * each time, the slowest input known takes 15.
 */
const enoughMs = 250;

/** All that the aggregator works out of a record before it writes. */
function aggregated(data: Uint8Array) {
  const record = { sequenceNumber: '7', data, arrivedAt };
  const options = { minutesForDays: 7, isDuplicate: duplicateFilter(600), uniques };
  const deltas = [...foldLines(linesOf([record]), options)];
  for (const { content } of deltas) encodeBody(content);
  return deltas;
}

/** All that the transformer makes of it. */
function archived(data: Uint8Array) {
  const metadata = {
    sequenceNumber: '7',
    subsequenceNumber: '0',
    partitionKey: 'visitor-1',
    shardId: 'shardId-000000000004',
    approximateArrivalTimestamp: arrivedAt,
  };
  return transform([
    {
      recordId: 'record-1',
      approximateArrivalTimestamp: arrivedAt,
      data: Buffer.from(data).toString('base64'),
      kinesisRecordMetadata: metadata,
    },
  ]);
}

/** An event of at most so many bytes, of which a field takes what the others leave. */
function eventWith(field: keyof ClickEvent, beginning: string, unit: string, bytes: number): Buffer {
  const jsonBytes = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2;
  const room = bytes - Buffer.byteLength(clickJson({ [field]: beginning }));
  const value = beginning + unit.repeat(Math.max(0, Math.floor(room / jsonBytes(unit))));
  return Buffer.from(clickJson({ [field]: value }));
}

/** An event with further members that take the rest of its bytes. */
function eventOf(member: (index: number) => string, open = '', close = ''): Buffer {
  const event = clickJson().slice(0, -1);
  const members: string[] = [];
  let bytes = event.length + 100;
  for (let index = 0; bytes < largest; index++) {
    const next = member(index);
    members.push(next);
    bytes += next.length + 1;
  }
  return Buffer.from(`${event},${open}${members.slice(0, -1).join(',')}${close}}`);
}

const cjk = (index: number) => String.fromCharCode(0x4e00 + ((index * 7919) % 20_000));
const hostOf = (attempt: number, unit: (index: number) => string) =>
  `https://${attempt}${Array.from({ length: Math.floor(255_000 / Buffer.byteLength(unit(0))) }, (_, index) => unit(index)).join('')}/`;

/** What is known to have been slow, or to be the slowest of its kind, the number of the try within it. */
const worst: Readonly<Record<string, (attempt: number) => Buffer>> = {
  'a tablet of which it may not be said that it is mobile': (attempt) =>
    eventWith('userAgent', `${attempt}`, 'Silk Mobile ', largest),
  'an Android that repeats itself': (attempt) =>
    eventWith('userAgent', `${attempt}`, 'Android Mobile', largest),
  'a user agent that begins as that of a browser, again and again': (attempt) =>
    eventWith('userAgent', `${attempt}`, 'Mozilla/5.0 (', largest),
  'a host of Chinese': (attempt) => Buffer.from(clickJson({ referrer: hostOf(attempt, cjk) })),
  'a host of many labels': (attempt) =>
    Buffer.from(clickJson({ referrer: hostOf(attempt, (index) => `${cjk(index)}.`) })),
  'a referrer of schemes': (attempt) => eventWith('referrer', `${attempt}`, 'https://', largest),
  'a page of escapes': (attempt) => eventWith('page', `${attempt}`, '\u0001', largest),
  'a fraction of a second with very many digits': (attempt) =>
    eventWith('timestamp', `2026-03-01T09:59:3${attempt % 10}.`, '1', largest),
  'ever new names': (attempt) => eventOf((index) => `"${attempt}${index.toString(36)}":1`),
  'ever new names in ever new objects': (attempt) =>
    eventOf((index) => `{"${attempt}${index.toString(36)}":1}`, '"o":[', ']'),
  'nine names that push each other out of the memory for paths': (attempt) =>
    eventOf((index) => `{"${attempt}${index % 9}":1}`, '"o":[', ']'),
  'names that are numbers': (attempt) => eventOf((index) => `"${(index + attempt) * 1024}":1`),
  'empty arrays': () => eventOf(() => '[]', '"o":[', ']'),
  'line breaks between its tokens': () =>
    Buffer.from(`${clickJson().slice(0, -1)}${'\n'.repeat(largest - 300)}}`),
};

describe('An event of 256 KiB holds up nobody', () => {
  it.each(Object.keys(worst))('if it has %s', (name) => {
    // Made before, as the time is that of reading them.
    const events = Array.from({ length: 10 }, (_, attempt) => worst[name]!(attempt));
    expect(Math.max(...events.map(({ length }) => length))).toBeGreaterThan(largest * 0.95);
    expect(Math.max(...events.map(({ length }) => length))).toBeLessThanOrEqual(largest);
    expect(fastestTime(enoughMs, (attempt) => aggregated(events[attempt]!))).toBeLessThan(enoughMs);
    expect(fastestTime(enoughMs, (attempt) => archived(events[attempt]!))).toBeLessThan(enoughMs);
  });
});

/** What the patterns look for: their literal parts, and what stands for their classes of characters. */
const ofUserAgents = [
  ...new Set(botPatterns.flatMap((pattern) => pattern.split(/[^\w /.;@()-]+/)).filter((part) => part !== '')),
  ...['iPad', 'Tablet', 'Silk', 'Android', 'Mobile', 'Mobi', 'Nexus 7', 'Windows NT', 'Linux', 'X11'],
  ...['a', '1', ' ', '.', '/1.0', ';', '; a', '(', ')', '@a', '-', '_', '|', '\n', '中', '"'],
];
const ofReferrers = [
  ...[
    'https://',
    '://',
    ':',
    '/',
    '\\',
    '?',
    '#',
    '@',
    '%41',
    '%',
    '.',
    '-',
    'a',
    '1',
    '0x',
    '[',
    ']',
    'xn--',
  ],
  ...['\t', ' ', '中', 'ß', 'İ', '\u0300', '\u{20000}', '。'],
];
const ofTimestamps = ['2026-03-01T', '09:59:30', '.', ',', '1', 'Z', '+02:00', ':', '-'];
const ofTexts = ['a', '"', '\\', '\n', '\ud800', '中', '(other)', '\u{1f600}', '/'];

const repeated = fc
  .oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constant('userAgent' as const), fc.constant(ofUserAgents)) },
    { weight: 4, arbitrary: fc.tuple(fc.constant('referrer' as const), fc.constant(ofReferrers)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('timestamp' as const), fc.constant(ofTimestamps)) },
    {
      weight: 1,
      // Without ids: a hash uses `Math` for every two characters, and takes a hundred times as long in Jest's sandbox.
      arbitrary: fc.tuple(fc.constantFrom('page' as const, 'element' as const), fc.constant(ofTexts)),
    },
  )
  .chain(([field, fragments]) => {
    const some = (length: { minLength: number; maxLength: number }) =>
      fc.array(fc.constantFrom(...fragments), length).map((parts) => parts.join(''));
    return fc.record({
      field: fc.constant(field),
      beginning: some({ minLength: 0, maxLength: 2 }),
      unit: some({ minLength: 1, maxLength: 4 }),
    });
  });

describe('Whatever fragments of what the patterns look for an event repeats', () => {
  it.each([
    ['1 KB', 1_200, 10],
    ['256 KiB', largest, enoughMs],
  ])('with %s it holds up nobody', (_, bytes, enough) => {
    fc.assert(
      fc.property(repeated, ({ field, beginning, unit }) => {
        const event = (attempt: number) => eventWith(field, `${beginning}${attempt}`, unit, bytes);
        const events = Array.from({ length: 3 }, (_, attempt) => event(attempt));
        const next = (attempt: number) => events[attempt] ?? event(attempt);
        expect(fastestTime(enough, (attempt) => aggregated(next(attempt)))).toBeLessThan(enough);
        expect(fastestTime(enough, (attempt) => archived(next(attempt)))).toBeLessThan(enough);
      }),
      { numRuns: 100 },
    );
  });
});

describe('A user agent and a referrer beyond what is read of them', () => {
  it('count as they are archived', () => {
    fc.assert(
      fc.property(repeated, ({ field, beginning, unit }) => {
        const data = eventWith(field, beginning, unit, 4_096);
        const [delta] = aggregated(data);
        const { answers } = archived(data);
        fc.pre(delta?.counts.valid === 1);
        const line = JSON.parse(Buffer.from(answers[0]!.data!, 'base64').toString());
        const counted = (dimension: string) =>
          [...(delta!.content.dimensions.get(dimension)?.windows.get('minute')?.values() ?? [])].flatMap(
            ({ values }) => [...values.keys()],
          );
        expect(counted('device')).toEqual([line.deviceClass]);
        expect(counted('bot')).toEqual([line.isBot ? 'bot' : 'human']);
        // Longer values are cut where they are counted.
        expect(counted('referrer')).toEqual(
          line.referrerHost === undefined ? [] : [line.referrerHost.slice(0, 200)],
        );
      }),
    );
  });
});
