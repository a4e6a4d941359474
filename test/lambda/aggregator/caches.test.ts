import type { CounterKey } from '../../../domain/counter-item';
import { knownPositions } from '../../../lambda/aggregator/known-positions';
import { uniquesCache } from '../../../lambda/aggregator/uniques-cache';

const key = (name: string): CounterKey => ({ pk: name, sk: 'hour' });
const item = (bytes: number) => ({
  version: 1,
  expiresAt: 2,
  sketches: new Map([['s:/', new Uint8Array(bytes)]]),
});

describe('What a warm function keeps', () => {
  it('of positions, are as many as it may, those used last', () => {
    const known = knownPositions(2);
    known.set(key('a'), '1');
    known.set(key('b'), '2');
    known.get(key('a'));
    known.set(key('c'), '3');
    known.set(key('c'), '4');

    expect(['a', 'b', 'c'].map((name) => known.get(key(name)))).toEqual(['1', undefined, '4']);
    known.delete(key('c'));
    expect(known.get(key('c'))).toBeUndefined();
  });

  it('of sketches, is as much memory as it may, those used last', () => {
    const cache = uniquesCache(100_000);
    for (const name of ['a', 'b', 'c']) cache.set(key(name), item(30_000));
    cache.get(key('a'));
    cache.set(key('d'), item(30_000));
    const held = () => ['a', 'b', 'c', 'd'].filter((name) => cache.get(key(name)));

    expect(held()).toEqual(['a', 'c', 'd']);
    // The same item again does not count twice.
    for (let i = 0; i < 5; i++) cache.set(key('d'), item(30_000));
    expect(held()).toEqual(['a', 'c', 'd']);
    cache.set(key('e'), item(99_000));
    expect(held()).toEqual([]);
    expect(cache.get(key('e'))).toBeDefined();
    cache.set(key('f'), item(200_000));
    expect(cache.get(key('f'))).toBeUndefined();
  });
});
