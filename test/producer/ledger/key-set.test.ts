import fc from 'fast-check';
import { createKeySet } from '../../../producer/ledger/key-set';

const number = fc.oneof(fc.nat(70), fc.integer({ min: 65_530, max: 65_540 }), fc.maxSafeNat());
const key = fc.oneof(
  number.map(String),
  fc.tuple(fc.nat(3), number).map(([file, line]) => `${file}:${line}`),
  number.map((n) => `${n}+`),
  fc.constantFrom('', '017', '1:', '+', '1:2:3', 'x1', '00', '99999999999999999999'),
);

describe('a set of keys', () => {
  it('holds what a Set of them holds', () => {
    fc.assert(
      fc.property(fc.array(key), fc.array(key), (added, others) => {
        const keys = createKeySet();
        for (const each of added) keys.add(each);
        for (const each of [...added, ...others]) expect(keys.has(each)).toBe(added.includes(each));
        keys.clear();
        for (const each of added) expect(keys.has(each)).toBe(false);
      }),
    );
  });
});
