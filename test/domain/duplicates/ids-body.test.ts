import fc from 'fast-check';
import type { SeenEvent } from '../../../domain/counters/fold';
import { decodeIds, encodeIds, inSlicesOf, seenIds } from '../../../domain/duplicates/ids-body';

const half = fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0, 2 ** 31, 2 ** 32 - 1));
const events: fc.Arbitrary<SeenEvent[]> = fc.array(
  fc.record({
    hash: fc.record({ high: half, low: half }),
    arrivedAt: fc.integer({
      min: Date.parse('2026-03-01T10:00:00Z'),
      max: Date.parse('2026-03-01T10:05:00Z'),
    }),
  }),
  { maxLength: 40 },
);

const slices = ({ bySlice }: ReturnType<typeof seenIds>) =>
  [...bySlice].map(([slice, hashes]) => [slice, [...hashes]]);

describe('The ids of a delta', () => {
  it('come back from their bytes as they were, by the slices in which they arrived', () => {
    fc.assert(
      fc.property(events, fc.constantFrom(12_000, 60_000, 180_000), (seen, sliceMs) => {
        const ids = seenIds(seen, sliceMs);
        const bytes = encodeIds(ids);
        const decoded = decodeIds(bytes, sliceMs);
        expect(slices(decoded)).toEqual(slices(ids));
        expect(bytes.length).toBe(8 * (seen.length + ids.bySlice.size));
        const expected = new Map<number, unknown[]>();
        for (const { hash, arrivedAt } of seen) {
          const slice = Math.floor(arrivedAt / sliceMs);
          expected.set(slice, [...(expected.get(slice) ?? []), hash]);
        }
        expect(slices(decoded)).toEqual([...expected]);
      }),
    );
  });

  it('are read from any place in other bytes', () => {
    const ids = seenIds([{ hash: { high: 7, low: 9 }, arrivedAt: 24_000 }], 12_000);
    const bytes = Buffer.concat([Buffer.from('abc'), encodeIds(ids)]).subarray(3);
    expect(slices(decodeIds(bytes, 12_000))).toEqual([[2, [{ high: 7, low: 9 }]]]);
  });

  it('that end too early are refused', () => {
    const bytes = encodeIds(seenIds([{ hash: { high: 7, low: 9 }, arrivedAt: 24_000 }], 12_000));
    for (let length = 1; length < bytes.length; length++)
      expect(() => decodeIds(bytes.subarray(0, length), 12_000)).toThrow(/out of range|outside buffer/);
  });

  it('of slices of another length are taken to have arrived in the middle of theirs', () => {
    const hash = (low: number) => ({ high: 1, low });
    const ids = seenIds(
      [
        { hash: hash(1), arrivedAt: 60_000 },
        { hash: hash(2), arrivedAt: 179_999 },
      ],
      60_000,
    );
    expect(slices(inSlicesOf(ids, 12_000))).toEqual([
      [7, [hash(1)]],
      [12, [hash(2)]],
    ]);
    expect(slices(inSlicesOf(ids, 300_000))).toEqual([[0, [hash(1), hash(2)]]]);
    expect(inSlicesOf(ids, 60_000)).toBe(ids);
  });
});
