import fc from 'fast-check';
import { bucketOf } from '../../../domain/counters/bucket';
import { type Counts, type DeltaContent, noCounts } from '../../../domain/counters/delta';
import {
  addressId,
  counterBytes,
  emptyContent,
  type Item,
  type ItemPart,
  itemLimits,
  mergedItem,
  type PendingPart,
  partsOf,
} from '../../../domain/counters/item';
import { expiryOf } from '../../../domain/counters/retention';
import { emptySketch, estimate, touch } from '../../../domain/visitors/sketch';
import { decodeSketch, encodeSketch } from '../../../domain/visitors/sketch-bytes';
import { retentionDays as retentionOf } from '../../support/retention-factory';
import { arrival } from '../../support/shard-records';

const retentionDays = retentionOf({ minute: 2, hour: 30 });
const day = 86_400;
const options = { retentionDays, now: arrival };
const address = { group: 'summary', bucket: 0, size: 'hour', start: arrival } as const;
const placeOf = (number: number): string => `001:${number}:0000000`;

function counts(values: Readonly<Record<string, number>>, { other = 0, cut = 0 } = {}): Counts {
  return { values: new Map(Object.entries(values)), other, cut };
}

function partOf(dimensions: Readonly<Record<string, Counts>>, at = address as ItemPart['address']): ItemPart {
  return {
    address: at,
    counts: new Map(Object.entries(dimensions)),
    touches: new Map(),
    precision: undefined,
  };
}

function pending(number: number, part: ItemPart, arrivedAt = arrival): PendingPart {
  return { part, last: placeOf(number), arrivedAt };
}

/** The parts, merged one group after the other. */
function merged(groups: readonly (readonly PendingPart[])[], held?: Item): Item | undefined {
  return groups.reduce<Item | undefined>((item, group) => {
    const end = group.at(-1)?.last;
    return end === undefined ? item : mergedItem(item, group, end, options);
  }, held);
}

/** With values in their order, which equal maps need not share. */
function listed(item: Item | undefined) {
  return (
    item && {
      ...item,
      content: {
        ...item.content,
        counts: [...item.content.counts].map(([dimension, held]) => [
          dimension,
          { ...held, values: [...held.values] },
        ]),
        sketches: [...item.content.sketches],
      },
    }
  );
}

describe('An item after some deltas', () => {
  const limits = { ...itemLimits };
  afterEach(() => {
    Object.assign(itemLimits, limits);
  });

  const value = fc.constantFrom('a', 'bb', 'ccc', '__proto__', 'e:e', 'f'.repeat(20), 'ü');
  const part = fc
    .record({
      dimensions: fc.array(
        fc.tuple(
          fc.constantFrom('type', 'device'),
          fc.record({
            values: fc.array(
              fc.tuple(
                value,
                fc.integer({ min: -2, max: 3 }).filter((n) => n !== 0),
              ),
            ),
            other: fc.constantFrom(0, 0, 2, -1),
            cut: fc.constantFrom(0, 1),
          }),
        ),
        { maxLength: 2 },
      ),
      touches: fc.array(fc.tuple(value, fc.array(fc.nat({ max: 4_000 }), { minLength: 1, maxLength: 3 })), {
        maxLength: 3,
      }),
    })
    .map(
      ({ dimensions, touches }): ItemPart => ({
        address,
        precision: 10,
        counts: new Map(dimensions.map(([name, held]) => [name, { ...held, values: new Map(held.values) }])),
        touches: new Map(touches.map(([name, some]) => [name, new Set(some.map((n) => (n << 6) | 7))])),
      }),
    );

  it('is the same however they are divided between merges, whatever has room', () => {
    let others = 0;
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat({ max: 8 }), { maxLength: 4 }),
        fc.constantFrom(60, 80, 299_000),
        fc.constantFrom(1, 2, 128),
        (parts, cuts, room, sketches) => {
          Object.assign(itemLimits, { counterBytes: room, sketches });
          const all = parts.map((one, index) => pending(index + 1, one, arrival + index * 1_000));
          const ends = [...new Set([0, ...cuts.filter((cut) => cut < all.length), all.length])].sort(
            (a, b) => a - b,
          );
          const groups = ends.slice(1).map((end, index) => all.slice(ends[index], end));
          const once = merged([all]);
          expect(listed(merged(groups))).toEqual(listed(once));
          for (const held of once?.content.counts.values() ?? []) others += held.other > 0 ? 1 : 0;
        },
      ),
      { numRuns: 300 },
    );
    expect(others).toBeGreaterThan(30);
  });

  it('counts values as (other) from the first on that has no room, and still those that have it', () => {
    Object.assign(itemLimits, { counterBytes: counterBytes('first') + counterBytes('second') });
    const item = merged([
      [pending(1, partOf({ type: counts({ first: 1, second: 2, third: 4 }) }))],
      [pending(2, partOf({ type: counts({ third: 8, first: 16, fourth: 32 }) }))],
    ]);
    expect(item?.content.counts.get('type')).toEqual(counts({ first: 17, second: 2 }, { other: 44 }));
  });

  it('leaves the other dimensions their room when one has taken all of its own', () => {
    const flood = Object.fromEntries(Array.from({ length: 1_500 }, (_, i) => [`${i}`.padStart(200, 'x'), 1]));
    const item = merged([
      [
        pending(
          1,
          partOf({ type: counts(flood), device: counts({ desktop: 1 }), bot: counts({ human: 1 }) }),
        ),
      ],
    ]);
    const { values, other } = item!.content.counts.get('type')!;
    expect([values.size, other]).toEqual([1_340, 160]);
    expect(item!.content.counts.get('device')).toEqual(counts({ desktop: 1 }));
    expect(item!.content.counts.get('bot')).toEqual(counts({ human: 1 }));
  });

  it('takes no more of all dimensions together than the table takes of an item', () => {
    const flood = (letter: string) =>
      counts(Object.fromEntries(Array.from({ length: 1_500 }, (_, i) => [`${i}`.padStart(200, letter), 1])));
    const item = merged([[pending(1, partOf({ type: flood('x'), campaign: flood('y') }))]]);
    const bytes = [...item!.content.counts.values()].flatMap(({ values }) =>
      [...values.keys()].map(counterBytes),
    );
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(340_000);
    expect(item!.content.counts.get('campaign')!.other).toBe(1_500 - (bytes.length - 1_340));
  });

  it('keeps the sketches of the values that came first, and counts all others in one', () => {
    Object.assign(itemLimits, { sketches: 2 });
    const touching = (number: number, touches: Readonly<Record<string, readonly number[]>>) =>
      pending(number, {
        ...partOf({}),
        precision: 10,
        touches: new Map(Object.entries(touches).map(([name, some]) => [name, new Set(some)])),
      });
    const item = merged([
      [touching(1, { '/a': [65], '/b': [129], '/c': [193] })],
      [touching(2, { '/d': [257], '/a': [321] })],
    ]);
    const sketchOf = (...touches: readonly number[]) => {
      const sketch = emptySketch(10);
      for (const one of touches) touch(sketch, one);
      return encodeSketch(sketch);
    };
    expect(item?.content.sketches).toEqual(
      new Map([
        ['/a', sketchOf(65, 321)],
        ['/b', sketchOf(129)],
      ]),
    );
    expect(item?.content.otherSketch).toEqual(sketchOf(193, 257));
    expect(Math.round(estimate(decodeSketch(item!.content.otherSketch!)))).toBe(2);
  });

  it('has the deltas behind its place, and those at or before it not again', () => {
    const all = [1, 2, 3].map((number) => pending(number, partOf({ type: counts({ a: 10 ** number }) })));
    const held = mergedItem(undefined, all.slice(0, 2), placeOf(2), options);
    const item = mergedItem(held, all, placeOf(3), options);
    expect(item).toMatchObject({ seq: placeOf(3) });
    expect(item?.content.counts.get('type')).toEqual(counts({ a: 1_110 }));
  });

  it('loses a value of which a correction takes away all, and its room is free again', () => {
    Object.assign(itemLimits, { counterBytes: counterBytes('a') });
    const item = merged([
      [pending(1, partOf({ type: counts({ a: 3 }, { cut: 2 }) }))],
      [pending(2, partOf({ type: counts({ a: -3 }, { cut: -2 }) }))],
      [pending(3, partOf({ type: counts({ b: 5 }) }))],
    ]);
    expect(item?.content.counts.get('type')).toEqual(counts({ b: 5 }));
  });

  it('lives for its window’s retention after the latest arrival that it counts, however old the window', () => {
    const at = arrival / 1_000;
    for (const [size, days] of Object.entries(retentionDays)) {
      const part = partOf({ type: counts({ a: 1 }) }, { ...address, size: size as 'hour', start: 0 });
      const parts = [pending(1, part, arrival + 9_999), pending(2, part, arrival - 5_000)];
      expect(mergedItem(undefined, parts, placeOf(2), options)?.expiresAt).toBe(at + 9 + days * day);
    }
    expect(expiryOf(arrival + 999, 'hour', retentionDays)).toBe(at + 30 * day);
  });

  it('never lives shorter than before', () => {
    const held: Item = { seq: placeOf(1), expiresAt: arrival / 1_000 + 90 * day, content: emptyContent() };
    const item = mergedItem(held, [pending(2, partOf({ type: counts({ a: 1 }) }))], placeOf(2), options);
    expect(item?.expiresAt).toBe(held.expiresAt);
  });

  it('counts as empty once its time is over, though the table has not deleted it', () => {
    const content = { ...emptyContent(), counts: new Map([['type', counts({ a: 70, b: 1 })]]) };
    const held: Item = { seq: placeOf(4), expiresAt: arrival / 1_000, content };
    const old = pending(4, partOf({ type: counts({ a: 500 }) }));
    const item = mergedItem(held, [old, pending(5, partOf({ type: counts({ a: 2 }) }))], placeOf(5), options);
    expect(item?.content.counts.get('type')).toEqual(counts({ a: 2 }));
    expect(item?.expiresAt).toBe(arrival / 1_000 + 30 * day);
  });

  it('is none if all that it would count has expired', () => {
    const longAgo = arrival - 31 * day * 1_000;
    const parts = [pending(1, partOf({ type: counts({ a: 1 }) }), longAgo)];
    expect(mergedItem(undefined, parts, placeOf(1), options)).toBeUndefined();
    const content = { ...emptyContent(), counts: new Map([['type', counts({ a: 1 })]]) };
    const held = { seq: placeOf(0), expiresAt: arrival / 1_000 - 1, content };
    expect(mergedItem(held, parts, placeOf(1), options)).toBeUndefined();
  });

  it('with a sketch that cannot be read is refused, not begun anew', () => {
    const content = { ...emptyContent(), sketches: new Map([['/a', new Uint8Array([1, 2, 3])]]) };
    const held = { seq: placeOf(1), expiresAt: arrival, content };
    const part: ItemPart = { ...partOf({}), precision: 10, touches: new Map([['/a', new Set([65])]]) };
    expect(() => mergedItem(held, [pending(2, part)], placeOf(2), options)).toThrow(RangeError);
  });
});

describe('What a delta adds to items', () => {
  const hour = 3_600_000;
  const dayStart = Date.parse('2026-03-01T00:00:00Z');

  function content(
    name: string,
    buckets: number,
    minutes: ReadonlyMap<number, Counts>,
    isEachWindow = false,
  ): DeltaContent {
    const windows = new Map([['minute', new Map(minutes)] as const]);
    return { isEachWindow, dimensions: new Map([[name, { buckets, windows }]]), sketches: new Map() };
  }
  const shown = (delta: DeltaContent) =>
    [...partsOf(delta)].map(([id, part]) => [id, Object.fromEntries(part.counts)]);

  it('is in its minutes, and what follows from them in their hours and days', () => {
    const delta = content(
      'type',
      1,
      new Map([
        [arrival, counts({ a: 1 })],
        [arrival + 60_000, counts({ a: 2, b: 4 })],
        [arrival + hour, counts({ b: 8 })],
      ]),
    );
    expect(new Map(shown(delta) as [string, unknown][])).toEqual(
      new Map<string, unknown>([
        [`summary#0 minute ${arrival}`, { type: counts({ a: 1 }) }],
        [`summary#0 minute ${arrival + 60_000}`, { type: counts({ a: 2, b: 4 }) }],
        [`summary#0 minute ${arrival + hour}`, { type: counts({ b: 8 }) }],
        [`summary#0 hour ${arrival}`, { type: counts({ a: 3, b: 4 }) }],
        [`summary#0 hour ${arrival + hour}`, { type: counts({ b: 8 }) }],
        [`summary#0 day ${dayStart}`, { type: counts({ a: 3, b: 12 }) }],
      ]),
    );
  });

  it('is in each window by itself, of a correction', () => {
    const delta = content('type', 1, new Map([[arrival, counts({ a: -1 }, { other: 1, cut: -2 })]]), true);
    expect(shown(delta)).toEqual([
      [`summary#0 minute ${arrival}`, { type: counts({ a: -1 }, { other: 1, cut: -2 }) }],
    ]);
  });

  it('is divided by the buckets that the delta was made with, the first of which tells what was cut', () => {
    const values = ['/a', '/b', '/c', '/d', '__proto__'];
    const minutes = new Map([
      [arrival, counts(Object.fromEntries(values.map((each) => [each, 1])), { cut: 3 })],
    ]);
    minutes.get(arrival)!.values.set('__proto__', 1);
    for (const buckets of [2, 8, 64]) {
      const parts = [...partsOf(content('page', buckets, minutes)).values()].filter(
        ({ address }) => address.size === 'minute',
      );
      const found = parts.flatMap(({ address, counts: held }) =>
        [...held.get('page')!.values.keys()].map((each) => [each, address.bucket]),
      );
      expect(found.sort()).toEqual(values.map((each) => [each, bucketOf(each, buckets)]).sort());
      expect(
        parts
          .map(({ address, counts: held }) => [address.bucket, held.get('page')!.cut])
          .filter(([, cut]) => cut),
      ).toEqual([[0, 3]]);
    }
  });

  it('leaves out the items that nobody asks for', () => {
    const delta = content('type', 1, new Map([[arrival, counts({ a: 1 })]]));
    const parts = partsOf(delta, ({ group, size }) => group === 'summary' && size === 'hour');
    expect([...parts.keys()]).toEqual([`summary#0 hour ${arrival}`]);
    expect(partsOf(delta, () => false).size).toBe(0);
  });

  it('is of sketches in the windows of what they count, each touch in all of them', () => {
    const sketch = (precision: 10 | 12, start: number, value: string) => ({
      buckets: 1,
      precision,
      windows: new Map([['hour', new Map([[start, new Map([[value, new Set([65, 129])]])]])] as const]),
    });
    const delta: DeltaContent = {
      isEachWindow: false,
      dimensions: new Map(),
      sketches: new Map([
        ['visitors-total', sketch(12, arrival, 'all')],
        ['visitors-page', sketch(10, arrival, '/a')],
      ]),
    };
    expect([...partsOf(delta)].map(([id, { precision, touches }]) => [id, precision, [...touches]])).toEqual([
      [`visitors-total#0 hour ${arrival}`, 12, [['all', new Set([65, 129])]]],
      [`visitors-total#0 day ${dayStart}`, 12, [['all', new Set([65, 129])]]],
      [`visitors-page#0 hour ${arrival}`, 10, [['/a', new Set([65, 129])]]],
    ]);
  });

  it('shares nothing with the delta, which may be asked again', () => {
    const delta = content('type', 1, new Map([[arrival, counts({ a: 1 })]]));
    const first = partsOf(delta);
    mergedItem(undefined, [pending(1, [...first.values()][0]!)], placeOf(1), options);
    first.get(addressId(address))!.counts.get('type')!.values.set('a', 99);
    expect(partsOf(delta).get(addressId(address))!.counts.get('type')).toEqual(counts({ a: 1 }));
    expect(noCounts()).toEqual(counts({}));
  });
});
