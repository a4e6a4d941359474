import fc from 'fast-check';
import { type Counts, noCounts } from '../../domain/counters/delta';
import { emptyContent, type Item } from '../../domain/counters/item';
import { itemAttributes, readItem } from '../../table/item-attributes';

const value = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'a:b',
    ':',
    'seq',
    'pk',
    'expiresAt',
    'packed',
    'other',
    '"',
    '\u0000',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
);
const counts: fc.Arbitrary<Counts> = fc.record({
  values: fc
    .array(fc.tuple(value, fc.integer({ min: -5, max: 10 ** 12 })), { maxLength: 60, size: 'max' })
    .map((entries) => new Map(entries)),
  other: fc.constantFrom(0, 0, 3, -4),
  cut: fc.constantFrom(0, 0, 7),
});
const item: fc.Arbitrary<Item> = fc
  .record({
    counts: fc
      .array(fc.tuple(fc.constantFrom('page', 'type', 'total', 'invalid'), counts), { maxLength: 3 })
      .map((entries) => new Map(entries)),
    sketches: fc
      .array(fc.tuple(value, fc.uint8Array({ minLength: 1, maxLength: 20 })), { maxLength: 1 })
      .map((entries) => new Map(entries)),
    otherSketch: fc.option(fc.uint8Array({ minLength: 1, maxLength: 9 }), { nil: undefined }),
    expiresAt: fc.nat(),
  })
  .map(({ expiresAt, ...content }) => ({ seq: '001:7:0000003', expiresAt, content }));

/** Counts that are all empty say nothing, and need not come back. */
function telling({ content, ...rest }: Item) {
  const held = [...content.counts].filter(
    ([, { values, other, cut }]) => values.size > 0 || other !== 0 || cut !== 0,
  );
  return { ...rest, content: { ...content, counts: new Map(held) } };
}

function typesItem(values: ReadonlyMap<string, number>): Item {
  const content = emptyContent();
  content.counts.set('type', { ...noCounts(), values: new Map(values) });
  return { seq: '001:7:0000003', expiresAt: 1_772_359_200, content };
}

describe('The attributes of an item', () => {
  it('give it back, whatever its values are called', () => {
    let packed = 0;
    fc.assert(
      fc.property(item, (one) => {
        const attributes = itemAttributes(one);
        if (attributes.packed) packed++;
        expect(telling(readItem(attributes))).toEqual(telling(one));
      }),
      { numRuns: 300 },
    );
    expect(packed).toBeGreaterThan(10);
    expect(packed).toBeLessThan(290);
  });

  it('are one for each value, for a person to read, within a kilobyte', () => {
    const one = typesItem(
      new Map([
        ['page_view', 7],
        ['a:b', 2],
        ['__proto__', 1],
      ]),
    );
    one.content.counts.set('total', { ...noCounts(), values: new Map([['all', 10]]), other: 4, cut: 3 });
    expect(itemAttributes(one)).toEqual({
      seq: { S: '001:7:0000003' },
      expiresAt: { N: '1772359200' },
      'type:page_view': { N: '7' },
      'type:a:b': { N: '2' },
      'type:__proto__': { N: '1' },
      'total:all': { N: '10' },
      'other:total': { N: '4' },
      'cut:total': { N: '3' },
    });
  });

  it('are packed into one above a kilobyte, in the order in which the values came', () => {
    const values = new Map(Array.from({ length: 100 }, (_, i) => [`type-${(i * 37) % 100}`, i + 1]));
    const attributes = itemAttributes(typesItem(values));
    expect(Object.keys(attributes)).toEqual(['seq', 'expiresAt', 'packed']);
    expect(attributes.packed!.B!.length).toBeLessThan(600);
    expect([...readItem(attributes).content.counts.get('type')!.values]).toEqual([...values]);
  });

  it('never take more than a kilobyte where they are readable', () => {
    for (let length = 1; length < 60; length++) {
      const attributes = itemAttributes(
        typesItem(new Map(Array.from({ length }, (_, i) => [`type-number-${i}`, i + 1]))),
      );
      if (attributes.packed) continue;
      const bytes = Object.entries(attributes).reduce(
        (sum, [name, { S, N }]) =>
          sum + Buffer.byteLength(name) + (S?.length ?? 1 + Math.ceil(N!.length / 2)),
        0,
      );
      expect(bytes).toBeLessThan(1_024 - 200);
    }
  });

  it('of an item with as many and as nasty values as it may have, fit into what the table takes', () => {
    const texts = Array.from({ length: 1_500 }, (_, i) =>
      String.fromCharCode(
        ...Array.from({ length: 200 }, (_, at) => ((i * 31 + at * (7 + (i % 13))) % 31) + 1),
      ),
    );
    const attributes = itemAttributes(typesItem(new Map(texts.map((text, i) => [text, i + 1]))));
    expect(attributes.packed!.B!.length).toBeLessThan(380_000);
  });

  it('without a place are refused: nobody of the pipeline has written them', () => {
    expect(() => readItem({ pk: { S: 'page#3' }, sk: { S: 'hour#x' } })).toThrow(
      'item page#3 hour#x has no attribute seq',
    );
  });
});
