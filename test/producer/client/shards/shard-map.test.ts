import fc from 'fast-check';
import { createShardMap, hashKeyOf, type Shard } from '../../../../producer/client/shards/shard-map';

/** Shards that end where they are told to, and one for the rest. */
function shardsEndingAt(ends: readonly bigint[]): Shard[] {
  const all = [...ends, 2n ** 128n - 1n];
  return all.map((end, index) => ({
    id: `shardId-${String(index).padStart(12, '0')}`,
    firstHash: hexadecimal(index === 0 ? 0n : all[index - 1]! + 1n),
    lastHash: hexadecimal(end),
  }));
}

function hexadecimal(value: bigint): string {
  return value.toString(16).padStart(32, '0');
}

describe('the shard map', () => {
  it('hashes a key as Kinesis does: MD5 of its UTF-8', () => {
    expect(hashKeyOf('ключ')).toBe('c3657b66c60a307292aae11f07b04ae7');
  });

  it('finds the shard whose range holds the key, however the hash keys are divided', () => {
    const ends = fc.uniqueArray(fc.bigInt({ min: 0n, max: 2n ** 128n - 2n }), { maxLength: 40 });
    fc.assert(
      fc.property(ends, fc.string({ minLength: 1 }), fc.infiniteStream(fc.boolean()), (some, key, order) => {
        const shards = shardsEndingAt(some.toSorted((a, b) => (a < b ? -1 : 1)));
        const shuffled = shards.toSorted(() => (order.next().value ? 1 : -1));
        const { firstHash, lastHash } = createShardMap(shuffled).shardOf(key);
        const hash = BigInt(`0x${hashKeyOf(key)}`);
        expect(BigInt(`0x${firstHash}`) <= hash && hash <= BigInt(`0x${lastHash}`)).toBe(true);
      }),
    );
  });

  it('counts both ends of a range as within', () => {
    const hash = BigInt(`0x${hashKeyOf('visitor-1')}`);
    expect(createShardMap(shardsEndingAt([hash])).shardOf('visitor-1').id).toBe('shardId-000000000000');
    expect(createShardMap(shardsEndingAt([hash - 1n])).shardOf('visitor-1').id).toBe('shardId-000000000001');
  });

  it.each([
    ['no shard', []],
    ['a gap at the start', shardsEndingAt([7n]).slice(1)],
    ['a gap at the end', shardsEndingAt([7n]).slice(0, 1)],
    ['a gap between', shardsEndingAt([7n, 9n]).toSpliced(1, 1)],
    ['a parent beside its children', [...shardsEndingAt([7n]), ...shardsEndingAt([])]],
  ])('refuses a list with %s', (_, shards) => {
    expect(() => createShardMap(shards)).toThrow('the open shards do not cover the hash keys once');
  });
});
