import { remembered } from '../../../domain/derived/remembered';

/** Gives a text's length, and counts how often it had to look. */
function counted() {
  let reads = 0;
  const lengthOf = remembered((text) => {
    reads++;
    return { length: text.length };
  });
  return { lengthOf, reads: () => reads };
}

describe('A remembered reading', () => {
  it('is made once for a text that comes again, and is right for each', () => {
    const { lengthOf, reads } = counted();
    const texts = ['', 'a', 'bb', 'é\ud800', 'bb', 'a', '', 'é\ud800'];
    expect(texts.map((text) => lengthOf(text).length)).toEqual(texts.map(({ length }) => length));
    expect(reads()).toBe(4);
  });

  it('is kept while its text comes now and then among others, however many', () => {
    const { lengthOf, reads } = counted();
    for (let other = 0; other < 10_000; other++) {
      lengthOf(`other ${other}`);
      if (other % 1_000 === 0) lengthOf('often');
    }
    expect(reads()).toBe(10_001);
  });

  it('is forgotten for texts that many others have followed, and for long ones at once', () => {
    const { lengthOf, reads } = counted();
    lengthOf('seldom');
    for (let other = 0; other < 4_001; other++) lengthOf(`other ${other}`);
    lengthOf('seldom');
    expect(reads()).toBe(4_003);
    lengthOf('x'.repeat(1_025));
    lengthOf('x'.repeat(1_025));
    expect(reads()).toBe(4_005);
  });
});
