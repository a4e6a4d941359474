import fc from 'fast-check';
import { HashList } from '../../../domain/duplicates/hash-list';
import type { Hash64 } from '../../../domain/numbers/hash64';

const half = fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0, 2 ** 31, 2 ** 32 - 1));
const hash: fc.Arbitrary<Hash64> = fc.record({ high: half, low: half });

describe('A list of hashes', () => {
  it('has what was added, in that order, however many', () => {
    fc.assert(
      fc.property(fc.array(hash, { maxLength: 100 }), (hashes) => {
        const list = new HashList();
        for (const each of hashes) list.add(each);
        expect(list.length).toBe(hashes.length);
        expect([...list]).toEqual(hashes);
      }),
    );
  });

  it('takes eight bytes a hash, and no more than twice as much for those to come', () => {
    const list = new HashList();
    for (let n = 0; n < 1_025; n++) list.add({ high: n, low: n });
    expect(list.bytes).toBe(2_048 * 8);
  });
});
