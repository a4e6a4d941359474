import fc from 'fast-check';
import { areSame, hashOfWords, wordsOf } from '../../domain/words';

const run = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));

describe('Runs of bytes', () => {
  it('are the same if they have the same bytes, wherever they stand', () => {
    fc.assert(
      fc.property(
        run,
        run,
        run,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (bytes, before, after, at, bit) => {
          const elsewhere = Buffer.concat([before, bytes, after]);
          const same = () => areSame(wordsOf(bytes), 0, wordsOf(elsewhere), before.length, bytes.length);
          expect(same()).toBe(true);
          if (bytes.length === 0) return;
          elsewhere[before.length + (at % bytes.length)]! ^= bit;
          expect(same()).toBe(false);
        },
      ),
    );
  });

  it('have one hash, wherever they stand, and hardly ever that of another run', () => {
    fc.assert(
      fc.property(
        run,
        run,
        run,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (bytes, before, after, at, bit) => {
          const hashOf = (all: Buffer, start: number) =>
            hashOfWords(wordsOf(all), start, start + bytes.length);
          const elsewhere = Buffer.concat([before, bytes, after]);
          expect(hashOf(elsewhere, before.length)).toBe(hashOf(bytes, 0));
          if (bytes.length === 0) return;
          elsewhere[before.length + (at % bytes.length)]! ^= bit;
          expect(hashOf(elsewhere, before.length)).not.toBe(hashOf(bytes, 0));
        },
      ),
    );
  });
});
