import fc from 'fast-check';
import { HashIndex } from '../../../domain/duplicates/hash-index';

describe('An index of hashes', () => {
  it('knows the latest slice of each, as a map would, however many there are', () => {
    const hash = fc.record({
      high: fc.constantFrom(0, 1, 0xffff_ffff),
      // Few that are next to each other, or a whole table apart, so that they meet; and any.
      low: fc.oneof(
        fc.nat({ max: 9 }),
        fc.nat({ max: 9 }).map((n) => n * 1_024),
        fc.nat({ max: 0xffff_ffff }),
      ),
    });
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            hash,
            fc.nat({ max: 4 }).map((n) => n * 1_000),
          ),
          { maxLength: 3_000, size: 'max' },
        ),
        (adds) => {
          const index = new HashIndex();
          const map = new Map<string, number>();
          const found: unknown[] = [];
          const wanted: unknown[] = [];
          for (const [{ high, low }, slice] of adds) {
            const id = `${high}:${low}`;
            found.push(index.latest({ high, low }));
            wanted.push(map.get(id));
            index.add({ high, low }, slice);
            map.set(id, Math.max(slice, map.get(id) ?? 0));
          }
          for (const [id, slice] of map) {
            const [high, low] = id.split(':').map(Number);
            found.push(index.latest({ high: high!, low: low! }));
            wanted.push(slice);
          }
          expect(found).toEqual(wanted);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('keeps what was seen since, and its memory, when it forgets what was before', () => {
    const index = new HashIndex();
    const hashOf = (n: number) => ({ high: n, low: Math.imul(n, 2_654_435_761) >>> 0 });
    const forgotten: number[] = [];
    for (let n = 0; n < 50_000; n++) {
      const slice = Math.floor(n / 1_000);
      index.forgetBefore(slice - 2);
      index.add(hashOf(n), slice);
      const recent = Math.max((slice - 2) * 1_000, 0);
      if (index.latest(hashOf(recent)) !== Math.floor(recent / 1_000)) forgotten.push(recent);
    }
    expect(forgotten).toEqual([]);
    expect(index.latest(hashOf(5))).toBeUndefined();
    expect(index.bytes).toBeLessThanOrEqual(16_384 * 12);
  });
});
