import fc from 'fast-check';
import type { ClickEvent } from '../../domain/click-event';
import { dimensionNames } from '../../domain/dimensions';
import { hash64 } from '../../domain/hash64';
import { positionOf } from '../../domain/position';
import { type Click, readRecord } from '../../domain/record';
import { emptySketch, estimate, type Precision, touch, touchOf } from '../../domain/sketch';
import { decodeSketch, encodeSketch } from '../../domain/sketch-bytes';
import { UniqueFold } from '../../domain/unique-fold';
import {
  itemAfter,
  maxSketches,
  sketchAttribute,
  sketchedValue,
  UniqueAttributes,
  type UniqueItem,
  uniqueExpiry,
  uniqueKeyPrefix,
} from '../../domain/unique-item';
import { type UniqueName, type UniqueScope, uniques, uniquesFor } from '../../domain/uniques';
import { clickJson } from '../support/click-factory';

const shard = 'clicks/shardId-000000000007';
const arrival = Date.parse('2026-03-01T10:00:00Z');

type Event = Partial<ClickEvent>;

function click(event: Event): Click {
  const [reading] = readRecord(Buffer.from(clickJson(event)), arrival);
  if (!reading?.ok) throw new Error(`not a click: ${JSON.stringify(event)}`);
  return reading;
}

/** What a batch that begins with the event of that number says to each item. */
function runsOf(events: readonly Event[], first = 0, scope: 'off' | UniqueScope = 'page') {
  const fold = new UniqueFold(shard, uniquesFor(scope));
  for (const [index, event] of events.entries()) {
    const sequenceNumber = String(1000 + first + index);
    const place = { position: positionOf(sequenceNumber, 0), sequenceNumber, arrivedAt: arrival + index };
    fold.add(click(event), place);
  }
  return fold.runs();
}

type Items = Map<string, UniqueItem>;

function take(items: Items, events: readonly Event[], first = 0): void {
  for (const run of runsOf(events, first)) {
    const id = `${run.key.pk} ${run.key.sk}`;
    const item = itemAfter(items.get(id), run, uniqueExpiry(run.lastArrivedAt, 30));
    if (item) items.set(id, item);
  }
}

/** Without versions, which tell how often an item was written. */
function contents(items: Items): Record<string, unknown> {
  return Object.fromEntries([...items].map(([id, { version, ...item }]) => [id, item]).sort());
}

function countIn(items: Items, id: string, attribute: string): number {
  const bytes = items.get(id)?.sketches.get(attribute);
  return bytes ? Math.round(estimate(decodeSketch(bytes))) : 0;
}

describe('What is counted by sketches', () => {
  it.each([
    ['off', []],
    ['total', ['visitors total 12', 'sessions total 12']],
    ['page', ['visitors total 12', 'visitors page 10', 'sessions total 12']],
  ] as const)('with %s is %j', (setting, expected) => {
    expect(uniquesFor(setting).map(({ name, scope, precision }) => `${name} ${scope} ${precision}`)).toEqual(
      expected,
    );
  });

  it('has an item for the hour and one for the day, and for pages for the hour alone', () => {
    const keys = runsOf([
      { visitorId: 'v', sessionId: 's', page: '/', timestamp: '2026-03-01T09:59:30Z' },
    ]).map(({ key }) => `${key.pk} ${key.sk}`);
    expect(keys).toEqual([
      `unique-visitors-total#0 hour#2026-03-01T09:00:00Z#${shard}`,
      `unique-visitors-total#0 day#2026-03-01T00:00:00Z#${shard}`,
      expect.stringMatching(/^unique-visitors-page#\d+ hour#2026-03-01T09:00:00Z#clicks\/shardId-0{11}7$/),
      `unique-sessions-total#0 hour#2026-03-01T09:00:00Z#${shard}`,
      `unique-sessions-total#0 day#2026-03-01T00:00:00Z#${shard}`,
    ]);
  });

  it('has keys that no counter has', () => {
    expect(dimensionNames.filter((name) => name.startsWith(uniqueKeyPrefix))).toEqual([]);
    for (const { key } of runsOf([{ sessionId: 's' }])) expect(key.pk.startsWith(uniqueKeyPrefix)).toBe(true);
  });

  it('has keys that a table takes, however long names and pages are', () => {
    const fold = new UniqueFold(`${'s'.repeat(128)}/shardId-000000000000`, uniques);
    const place = { position: 'p', sequenceNumber: '1', arrivedAt: arrival };
    fold.add(click({ page: `/${'x'.repeat(5_000)}` }), place);
    for (const { key, touches } of fold.runs()) {
      expect(Buffer.byteLength(key.pk)).toBeLessThan(64);
      expect(Buffer.byteLength(key.sk)).toBeLessThan(1_024);
      for (const value of touches.keys()) expect(Buffer.byteLength(value)).toBeLessThanOrEqual(200);
    }
  });

  it('knows which attributes are sketches of values, whatever the value', () => {
    const values = fc.oneof(
      fc.string(),
      fc.constantFrom(...Object.values(UniqueAttributes), 'expiresAt', 'pk'),
    );
    fc.assert(
      fc.property(values, (value) => {
        expect(sketchedValue(sketchAttribute(value))).toBe(value);
        expect(sketchedValue(value)).toBe(value.startsWith('s:') ? value.slice(2) : undefined);
      }),
    );
  });

  it('is each visitor and each session once', () => {
    const items: Items = new Map();
    take(items, [
      { visitorId: 'a', sessionId: '1', page: '/x' },
      { visitorId: 'a', sessionId: '2', page: '/y' },
      { visitorId: 'b', sessionId: '2', page: '/x' },
      { visitorId: 'b', page: '/x' },
      { visitorId: 'c', sessionId: '', page: '/x' },
    ]);
    const hour = `hour#2026-03-01T09:00:00Z#${shard}`;
    const counts = (name: UniqueName, scope: UniqueScope) =>
      Object.fromEntries(
        [...items].flatMap(([id, { sketches }]) =>
          id.startsWith(`unique-${name}-${scope}#`) && id.endsWith(hour)
            ? [...sketches.keys()].map((attribute) => [attribute, countIn(items, id, attribute)])
            : [],
        ),
      );
    expect(counts('visitors', 'total')).toEqual({ 's:all': 3 });
    expect(counts('sessions', 'total')).toEqual({ 's:all': 2 });
    expect(counts('visitors', 'page')).toEqual({ 's:/x': 3, 's:/y': 1 });
  });
});

const events: fc.Arbitrary<readonly Event[]> = fc.array(
  fc.record({
    visitorId: fc.integer({ min: 1, max: 40 }).map((n) => `visitor-${n}`),
    sessionId: fc.integer({ min: 1, max: 60 }).map((n) => `session-${n}`),
    page: fc.constantFrom('/', '/pricing', 's:/', 'other', 'version', '__proto__', '(other)'),
    timestamp: fc.constantFrom('2026-03-01T09:59:30Z', '2026-03-01T08:00:00Z', '2026-02-28T23:59:59Z'),
  }),
  { minLength: 1, maxLength: 60 },
);
const cuts = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 25 })), {
  maxLength: 12,
});

/** In batches of these lengths, each of which begins so many events before the end of the last. */
function takeCut(
  items: Items,
  all: readonly Event[],
  schedule: readonly (readonly [number, number])[],
): void {
  let end = 0;
  for (const [length, back] of [...schedule, [all.length, 0] as const]) {
    const start = Math.max(end - back, 0);
    end = Math.max(end, Math.min(start + length, all.length));
    take(items, all.slice(start, end), start);
  }
}

describe('An item of sketches', () => {
  it('is the same however its events were cut into batches and delivered again', () => {
    fc.assert(
      fc.property(events, cuts, (all, schedule) => {
        const [once, often]: Items[] = [new Map(), new Map()];
        take(once!, all);
        takeCut(often!, all, schedule);
        expect(contents(often!)).toEqual(contents(once!));
      }),
    );
  });

  it('holds the sketch of exactly what was in the stream', () => {
    fc.assert(
      fc.property(events, (all) => {
        const items: Items = new Map();
        take(items, all);
        for (const unique of uniques) {
          const { name, scope, precision } = unique;
          const expected = new Map<string, ReturnType<typeof emptySketch>>();
          for (const event of all.map((each) => click(each))) {
            const hour = event.event.timestamp.slice(0, 13);
            const key = `${hour} ${unique.valueOf(event.event).replace(/^\(other\)$/, '\\$&')}`;
            const sketch = expected.get(key) ?? emptySketch(precision);
            expected.set(key, sketch);
            touch(sketch, touchOf(precision, hash64(event.event[unique.id]!)));
          }
          const held = new Map<string, Uint8Array>();
          for (const [id, { sketches }] of items) {
            if (!id.startsWith(`unique-${name}-${scope}#`) || !id.includes(' hour#')) continue;
            const hour = id.split('#')[2]!.slice(0, 13);
            for (const [attribute, bytes] of sketches) held.set(`${hour} ${sketchedValue(attribute)}`, bytes);
          }
          expect(held).toEqual(new Map([...expected].map(([key, sketch]) => [key, encodeSketch(sketch)])));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('is not written when a batch tells it nothing new', () => {
    fc.assert(
      fc.property(events, fc.nat(), fc.nat(), (all, from, length) => {
        const items: Items = new Map();
        take(items, all);
        const before = new Map(items);
        const start = from % all.length;
        take(items, all.slice(start, start + 1 + (length % 60)), start);
        expect(items).toEqual(before);
      }),
    );
  });

  it('counts its versions', () => {
    const items: Items = new Map();
    for (const visitorId of ['a', 'b', 'a', 'c']) take(items, [{ visitorId }]);
    expect([...items.values()].map(({ version }) => version)).toEqual([3, 3, 3]);
  });

  it('that cannot be read is refused, not begun anew', () => {
    const [run] = runsOf([{}]);
    const broken = { version: 4, expiresAt: 1, sketches: new Map([['s:all', new Uint8Array([1, 2, 3])]]) };
    expect(() => itemAfter(broken, run!, 2)).toThrow(RangeError);
  });
});

describe('More pages than an item has room for', () => {
  // Far more than the cap in every bucket.
  const pages = Array.from({ length: 32 * maxSketches * 2 }, (_, i) => `/made/up/${i}`);
  const all = pages.map((page, i) => ({ page, visitorId: `visitor-${i}` }));
  const clean: Items = new Map();
  beforeAll(() => take(clean, all));

  const pageItems = (items: Items) =>
    [...items].filter(([id]) => id.startsWith('unique-visitors-page#')).map(([, item]) => item);

  it('share one sketch, which counts their visitors', () => {
    expect(pageItems(clean)).toHaveLength(32);
    let others = 0;
    for (const { sketches } of pageItems(clean)) {
      expect(sketches.size).toBe(maxSketches + 1);
      others += estimate(decodeSketch(sketches.get(UniqueAttributes.other)!));
    }
    const expected = all.length - 32 * maxSketches;
    expect(Math.abs(others / expected - 1)).toBeLessThan(0.05);
  });

  it('keep the first pages of the shard, whatever the batches and however often they came', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 500, max: 5_000 }), fc.integer({ min: 0, max: 3_000 })), {
          minLength: 1,
          maxLength: 6,
        }),
        (schedule) => {
          const items: Items = new Map();
          takeCut(items, all, schedule);
          expect(contents(items)).toEqual(contents(clean));
        },
      ),
      { numRuns: 3 },
    );
  });

  it('stay within what a table takes in an item, with the longest names and the fullest sketches', () => {
    const precision: Precision = 10;
    const touches = new Map(
      Array.from({ length: maxSketches + 3 }, (_, i) => {
        const touched = new Set<number>();
        // Ranks as far apart as can be, which takes the most bytes.
        for (let register = 0; register < 1024; register++)
          touched.add(register * 64 + (register % 2 ? 55 : 1));
        return [String(i).padStart(200, 'x'), touched] as const;
      }),
    );
    const { sketches } = itemAfter(undefined, { precision, touches }, 1)!;
    let bytes = 0;
    for (const [attribute, sketch] of sketches) bytes += Buffer.byteLength(attribute) + sketch.length;
    expect(bytes).toBeLessThan(150_000);
  });
});

describe('The time to live of an item', () => {
  const day = 86_400;
  it.each([
    ['2026-03-01T10:00:00.000Z', 30, '2026-04-01T00:00:00Z'],
    ['2026-03-01T00:00:00.000Z', 30, '2026-03-31T00:00:00Z'],
    ['2026-03-01T00:00:00.001Z', 1, '2026-03-03T00:00:00Z'],
  ])('of an arrival at %s, kept for %i days, ends at %s', (arrivedAt, days, expected) => {
    expect(uniqueExpiry(Date.parse(arrivedAt), days) * 1000).toBe(Date.parse(expected));
  });

  it('never ends before that of a counter', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 41 }), fc.integer({ min: 1, max: 400 }), (arrivedAt, days) => {
        const expiry = uniqueExpiry(arrivedAt, days);
        expect(expiry).toBeGreaterThanOrEqual(Math.floor(arrivedAt / 1000 + days * day));
        expect(expiry).toBeLessThanOrEqual(arrivedAt / 1000 + (days + 1) * day);
      }),
    );
  });

  it('moves on with later events, though the sketch does not change, and never back', () => {
    const [run] = runsOf([{ visitorId: 'a' }], 0, 'total');
    const later = itemAfter(undefined, run!, 900)!;
    expect(itemAfter(later, run!, 900)).toBeUndefined();
    expect(itemAfter(later, run!, 1_000)).toEqual({ ...later, version: 2, expiresAt: 1_000 });
    expect(itemAfter(later, run!, 800)).toBeUndefined();
    const [other] = runsOf([{ visitorId: 'b' }], 0, 'total');
    expect(itemAfter(later, other!, 800)?.expiresAt).toBe(900);
  });
});
