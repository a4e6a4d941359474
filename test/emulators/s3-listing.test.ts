import fc from 'fast-check';
import { pageOf } from '../../emulators/s3-listing';

const key = fc.string({ unit: fc.constantFrom('a', 'b', '-', '/'), minLength: 1, maxLength: 6 });
const sortedKeys = fc.uniqueArray(key, { maxLength: 30 }).map((keys) => keys.sort());

describe('paging through sorted keys', () => {
  it('gives each key below the prefix once, in order, whatever the size of a page', () => {
    fc.assert(
      fc.property(
        sortedKeys,
        fc.constantFrom('', 'a', 'a/', 'b-'),
        fc.integer({ min: 1, max: 5 }),
        (keys, prefix, maxKeys) => {
          const listed: string[] = [];
          for (let startAfter = ''; ; ) {
            const page = pageOf(keys, { prefix, maxKeys, startAfter });
            expect(page.keys.length).toBeLessThanOrEqual(maxKeys);
            listed.push(...page.keys);
            if (!page.isTruncated) break;
            startAfter = page.keys.at(-1)!;
          }
          expect(listed).toEqual(keys.filter((one) => one.startsWith(prefix)));
        },
      ),
    );
  });

  it('gives each key or its folder once when a delimiter is given', () => {
    fc.assert(
      fc.property(sortedKeys, fc.integer({ min: 1, max: 5 }), (keys, maxKeys) => {
        const listed: string[] = [];
        for (let startAfter = ''; ; ) {
          const page = pageOf(keys, { delimiter: '/', maxKeys, startAfter });
          listed.push(...page.keys, ...page.commonPrefixes);
          if (!page.isTruncated) break;
          startAfter = page.keys.at(-1)!;
        }
        const expected = new Set(
          keys.map((one) => (one.includes('/') ? one.slice(0, one.indexOf('/') + 1) : one)),
        );
        expect(listed.sort()).toEqual([...expected].sort());
      }),
    );
  });
});
