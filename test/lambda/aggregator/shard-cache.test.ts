import { createShardCache } from '../../../lambda/aggregator/shard-cache';

describe('What an environment keeps by shard', () => {
  const cacheOf = (bytes: number) => createShardCache<{ bytes: number }>(bytes, (value) => value.bytes);

  it('is let go from the shard used longest ago, until the rest fits', () => {
    const cache = cacheOf(100);
    for (const shard of ['a', 'b', 'c']) cache.set(shard, { bytes: 30 });
    cache.set('a', { bytes: 35 });
    cache.set('d', { bytes: 50 });
    expect(['a', 'b', 'c', 'd'].map((shard) => cache.get(shard)?.bytes)).toEqual([
      35,
      undefined,
      undefined,
      50,
    ]);
  });

  it('is measured when it is set, since it grows', () => {
    const cache = cacheOf(100);
    const growing = { bytes: 10 };
    cache.set('a', growing);
    growing.bytes = 95;
    cache.set('b', { bytes: 6 });
    expect(cache.get('a')).toBeUndefined();
  });

  it('is kept for the shard in use, however large', () => {
    const cache = cacheOf(100);
    cache.set('a', { bytes: 1 });
    cache.set('b', { bytes: 500 });
    expect([cache.get('a'), cache.get('b')?.bytes]).toEqual([undefined, 500]);
  });
});
