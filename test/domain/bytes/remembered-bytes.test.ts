import fc from 'fast-check';
import { rememberedBytes } from '../../../domain/bytes/remembered-bytes';
import { hashOfWords, wordsOf } from '../../../domain/bytes/words';

/** Gives a text in brackets, and counts how often it had to look. */
function counted() {
  let reads = 0;
  const read = rememberedBytes((text) => {
    reads++;
    return `[${text}]`;
  });
  const of = (text: string, before = '', after = '') => {
    const string = Buffer.from(JSON.stringify(text));
    const start = Buffer.byteLength(before);
    const bytes = Buffer.concat([Buffer.from(before), string, Buffer.from(after)]);
    return read(bytes, start, start + string.length);
  };
  return { of, reads: () => reads };
}

describe('A reading remembered by its bytes', () => {
  it('is right for any text, at any place of any bytes, whatever was read before', () => {
    const { of } = counted();
    const part = fc.string({ unit: 'binary', maxLength: 40 });
    const text = fc.oneof(
      part,
      fc.constantFrom('', 'a', 'b', 'aaaa', 'aaab', 'aaaaa', 'aaaab', 'baaaa', '\\', '"', 'é', '\ud800'),
      fc.integer({ min: 230, max: 270 }).map((length) => 'x'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(text, part, part), { maxLength: 20 }), (texts) => {
        for (const [each, before, after] of [...texts, ...texts]) {
          expect(of(each, before, after)).toBe(`[${each}]`);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is made once for a text that comes again, wherever that stands', () => {
    const { of, reads } = counted();
    for (const text of ['', 'a', 'a longer one', 'é\ud800', '"quoted"']) {
      const first = of(text);
      expect(of(text, 'elsewhere', 'as well')).toBe(first);
    }
    expect(reads()).toBe(5);
  });

  it('tells texts apart that differ in one byte only, wherever that is', () => {
    const { of, reads } = counted();
    const text = 'abcdefghijklmnopqrstu';
    const texts = [...text].map((_, index) => `${text.slice(0, index)}_${text.slice(index + 1)}`);
    expect(texts.map((each) => of(each))).toEqual(texts.map((each) => `[${each}]`));
    expect(texts.map((each) => of(each))).toEqual(texts.map((each) => `[${each}]`));
    expect(reads()).toBe(texts.length);
  });

  it('is kept for most of a thousand texts that come in turn', () => {
    const { of, reads } = counted();
    const round = () => {
      for (let text = 0; text < 1000; text++) of(`Mozilla/5.0 (X11; Linux x86_64; rv:${text}.0)`);
    };
    round();
    const before = reads();
    round();
    expect(reads() - before).toBeLessThan(150);
  });

  it('is kept while its text comes now and then among others, however many', () => {
    const { of, reads } = counted();
    for (let other = 0; other < 20_000; other++) {
      of(`other ${other}`);
      of('often');
    }
    expect(reads()).toBe(20_001);
  });

  it('is made anew for a long text each time', () => {
    const { of, reads } = counted();
    for (let time = 0; time < 2; time++) {
      of('x'.repeat(256));
      of('x'.repeat(257));
    }
    expect(reads()).toBe(3);
  });

  it('is right for texts that push each other out', () => {
    const { of, reads } = counted();
    const texts = meetingTexts();
    expect(texts.length).toBeGreaterThan(2);
    for (let time = 0; time < 3; time++) {
      for (const text of texts) expect(of(text)).toBe(`[${text}]`);
    }
    expect(reads()).toBe(3 * texts.length);
  });
});

/** More texts than are kept, of those whose hashes end in the same sixteen bits; the first two have the same hash. */
function meetingTexts(): readonly string[] {
  const texts = new Map<number, string>();
  for (let number = 0; ; number++) {
    const text = `text ${1e6 + number}`;
    const hash = hashOf(text);
    const same = texts.get(hash);
    texts.set(hash, text);
    if (same === undefined) continue;
    const near = [...texts].filter(([other]) => other !== hash && (other & 0xffff) === (hash & 0xffff));
    return [same, text, ...near.map(([, other]) => other)];
  }
}

function hashOf(text: string): number {
  return hashOfWords(wordsOf(Buffer.from(text)), 0, text.length);
}
