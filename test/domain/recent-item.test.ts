import fc from 'fast-check';
import { hash64 } from '../../domain/hash64';
import { positionOf } from '../../domain/position';
import { chunksOf, type SeenEvent } from '../../domain/recent-chunk';
import { decodeChunk, encodeChunk, isRecentKey, recentKey, recentSortKey } from '../../domain/recent-item';

const events: fc.Arbitrary<readonly SeenEvent[]> = fc
  .array(
    fc.record({
      id: fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 500 })),
      slice: fc.integer({ min: 29_000_000, max: 29_000_003 }),
      gap: fc.constantFrom(0n, 0n, 1n, 3n * 10n ** 20n),
    }),
    { minLength: 1, maxLength: 120 },
  )
  .map((list) => {
    let sequenceNumber = 49_590_338_271_490_256_608_559_692_538n;
    let index = 0;
    return list.map(({ id, slice, gap }) => {
      sequenceNumber += gap;
      index += gap === 0n ? 1 : -index;
      return { hash: hash64(`id-${id}`), slice, position: positionOf(String(sequenceNumber), index) };
    });
  });

describe('A chunk of recent events', () => {
  it('comes out of its bytes as it went in', () => {
    fc.assert(
      fc.property(events, fc.constantFrom(100, 700, 200_000), (list, maxBytes) => {
        for (const chunk of chunksOf(list, maxBytes)) {
          const { sk } = recentKey('clicks/shard', 60_000, chunk);
          expect(decodeChunk(sk, encodeChunk(chunk))).toEqual(chunk);
        }
      }),
    );
  });

  it('is no longer than it may be, unless it holds one event, and leaves no event out', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 3_000 }), (list, maxBytes) => {
        const chunks = chunksOf(list, maxBytes);
        expect(chunks[0]!.first).toBe(list[0]!.position);
        expect(chunks.at(-1)!.last).toBe(list.at(-1)!.position);
        for (const [index, chunk] of chunks.entries()) {
          const within = list.filter(({ position }) => position >= chunk.first && position <= chunk.last);
          if (within.length > 1) expect(encodeChunk(chunk).length).toBeLessThanOrEqual(maxBytes);
          const next = chunks[index + 1];
          if (next)
            expect(list.findIndex((e) => e.position === next.first)).toBe(list.indexOf(within.at(-1)!) + 1);
          const hashes = [...chunk.hashesBySlice.values()]
            .flatMap((list) => [...list])
            .map(({ high, low }) => `${high}:${low}`);
          expect(hashes.toSorted()).toEqual(
            [...new Set(within.map(({ hash }) => `${hash.high}:${hash.low}`))].toSorted(),
          );
        }
      }),
    );
  });

  it('takes eight bytes an event where none comes twice', () => {
    const list = Array.from({ length: 5_000 }, (_, i) => ({
      hash: hash64(`event-${i}`),
      slice: 29_000_000 + (i >> 12),
      position: positionOf(String(49_590_338_271_490_256_608n + BigInt(i)), 0),
    }));
    const [chunk, ...others] = chunksOf(list);
    expect(others).toEqual([]);
    expect(encodeChunk(chunk!).length).toBe(40_000 + 28);
  });

  it('stays small when one id comes a thousand times', () => {
    const list = Array.from({ length: 1_000 }, (_, i) => ({
      hash: hash64('the same'),
      slice: 29_000_000,
      position: positionOf('49590338271490256608', i),
    }));
    expect(encodeChunk(chunksOf(list)[0]!).length).toBeLessThan(100);
  });

  it('is refused in a version that nobody knows', () => {
    const key = recentSortKey(positionOf('9', 0), positionOf('8', 0));
    expect(() => decodeChunk(key, Uint8Array.of(2, 0, 0, 0))).toThrow(
      'recent events at "001:9:0000000#001:8:0000000": version 2 is not known',
    );
    expect(() => decodeChunk('no key', Uint8Array.of(1, 0, 0, 0))).toThrow('recent events at "no key"');
  });

  it('has keys that are ordered by its last position, apart by shard and by length of the slices', () => {
    const chunk = (first: string, last: string) => ({
      first: positionOf(first, 0),
      last: positionOf(last, 7),
      hashesBySlice: new Map(),
      repeats: new Map(),
    });
    expect(recentKey('clicks/shard', 60_000, chunk('8', '9'))).toEqual({
      pk: 'recent#60000#clicks/shard',
      sk: '001:9:0000007#001:8:0000000',
    });
    const sortKeys = [chunk('1', '9'), chunk('8', '9'), chunk('2', '10'), chunk('10', '100')].map(
      (each) => recentKey('clicks/shard', 60_000, each).sk,
    );
    expect(sortKeys).toEqual(sortKeys.toSorted());
    expect([isRecentKey('recent#60000#clicks/shard'), isRecentKey('referrer#0')]).toEqual([true, false]);
  });
});
