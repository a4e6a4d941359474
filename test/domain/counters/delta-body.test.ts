import fc from 'fast-check';
import type { Counts, DeltaContent, DimensionDelta, SketchDelta } from '../../../domain/counters/delta';
import { bodyText, decodeBody, encodeBody } from '../../../domain/counters/delta-body';
import { type WindowSize, windowMs } from '../../../domain/counters/window';

const value = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'a:b', '(other)', '"', '\\', '\u0000', '0', 'ü', '\u{1f600}'),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const size = fc.constantFrom<WindowSize>('minute', 'hour', 'day');

const countsOf = (count: fc.Arbitrary<number>): fc.Arbitrary<Counts> =>
  fc.record({
    values: fc.array(fc.tuple(value, count), { maxLength: 6 }).map((entries) => new Map(entries)),
    other: fc.constantFrom(0, 0, 7, -3),
    cut: fc.constantFrom(0, 0, 5),
  });

function windowsOf<Content>(content: fc.Arbitrary<Content>, sizes: fc.Arbitrary<WindowSize> = size) {
  const starts = fc.array(fc.tuple(fc.nat({ max: 40_000_000 }), content), { minLength: 1, maxLength: 4 });
  return fc
    .array(fc.tuple(sizes, starts), { minLength: 1, maxLength: 3 })
    .map(
      (windows) =>
        new Map(
          windows.map(([each, entries]) => [
            each,
            new Map(entries.map(([number, held]) => [number * windowMs[each], held] as const)),
          ]),
        ),
    );
}

/** An order in which the values of some windows may have been seen, at random. */
const withOrder = (delta: fc.Arbitrary<DimensionDelta>): fc.Arbitrary<DimensionDelta> =>
  delta.chain((one) => {
    const windows = [...one.windows.values()].flatMap((starts) => [...starts.values()]);
    const numbers = windows.flatMap(({ values }, number) => [...values].map(() => number));
    return fc
      .shuffledSubarray(
        numbers.map((_, index) => index),
        { minLength: numbers.length },
      )
      .map((order) => ({ ...one, order: order.map((index) => numbers[index]!) }));
  });

const dimension = fc
  .record({
    buckets: fc.constantFrom(1, 4, 32),
    windows: windowsOf(countsOf(fc.integer({ min: -9, max: 10 ** 9 }))),
  })
  .chain((one) => fc.oneof(fc.constant<DimensionDelta>(one), withOrder(fc.constant(one))));

const sketch: fc.Arbitrary<SketchDelta> = fc.record({
  buckets: fc.constantFrom(1, 32),
  precision: fc.constantFrom(10, 12),
  windows: windowsOf(
    fc
      .array(
        fc.tuple(
          value,
          fc.uniqueArray(fc.nat({ max: 2 ** 18 - 1 }), { maxLength: 5 }).map((touches) => new Set(touches)),
        ),
        { maxLength: 4 },
      )
      .map((entries) => new Map(entries)),
  ),
});

const content: fc.Arbitrary<DeltaContent> = fc.record({
  isEachWindow: fc.boolean(),
  dimensions: fc
    .array(fc.tuple(fc.constantFrom('page', 'type', 'invalid'), dimension), { maxLength: 3 })
    .map((entries) => new Map(entries)),
  sketches: fc
    .array(fc.tuple(fc.constantFrom('visitors-total', 'visitors-page'), sketch), { maxLength: 2 })
    .map((entries) => new Map(entries)),
});

describe('The body of a delta', () => {
  it('gives back any content, with its values and windows in their order', () => {
    fc.assert(
      fc.property(content, (delta) => {
        const decoded = decodeBody(encodeBody(delta));
        expect(decoded).toEqual(delta);
        expect(listed(decoded)).toEqual(listed(delta));
      }),
      { numRuns: 300 },
    );
  });

  it('of another version is refused by its number', () => {
    const [, ...rest] = encodeBody({ isEachWindow: false, dimensions: new Map(), sketches: new Map() });
    expect(() => decodeBody(Buffer.from([2, ...rest]))).toThrow('delta of version 2; readable is 1');
  });

  it('is JSON for people', () => {
    const body = encodeBody({ isEachWindow: true, dimensions: new Map(), sketches: new Map() });
    expect(bodyText(body)).toBe('{"eachWindow":true,"dimensions":{},"sketches":{}}');
  });

  it('that is none is refused', () => {
    expect(() => decodeBody(Buffer.from('no body'))).toThrow();
    expect(() => decodeBody(new Uint8Array())).toThrow();
  });
});

/** As arrays, which compare by their order. */
function listed({ dimensions, sketches }: DeltaContent) {
  const windows = ({ windows: held }: DimensionDelta | SketchDelta) =>
    (['minute', 'hour', 'day'] as const).flatMap((each) =>
      [...(held.get(each) ?? [])].map(([start, one]) => [
        start,
        [...(one instanceof Map ? one : one.values).keys()],
      ]),
    );
  return [...dimensions, ...sketches].map(([name, delta]) => [name, windows(delta)]);
}
