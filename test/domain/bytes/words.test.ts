import fc from 'fast-check';
import { areDigits, areSame, hashOfWords, wordsOf } from '../../../domain/bytes/words';

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

  it('are digits if all of their bytes are, whatever stands around them', () => {
    const digits = fc.stringMatching(/^[0-9]{0,20}$/);
    const edit = fc.option(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })));
    let others = 0;
    fc.assert(
      fc.property(digits, run, run, edit, (text, before, after, edited) => {
        const bytes = Buffer.from(text);
        if (edited && bytes.length > 0) bytes[edited[0] % bytes.length] = edited[1];
        const elsewhere = Buffer.concat([before, bytes, after]);
        const expected = /^\d*$/.test(bytes.toString('latin1'));
        if (!expected) others++;
        const start = before.length;
        expect(areDigits(wordsOf(elsewhere), start, start + bytes.length)).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
    expect(others).toBeGreaterThan(100);
  });
});
