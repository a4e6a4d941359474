import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { hash64 } from '../../../domain/numbers/hash64';

const bits = (text: string): bigint => (BigInt(hash64(text).high) << 32n) | BigInt(hash64(text).low);

/** As a producer makes them: all alike, with a counter or random digits somewhere. */
const families: readonly (readonly [string, (n: number) => string])[] = [
  ['counters', (n) => String(n)],
  ['padded counters', (n) => `event-${String(n).padStart(12, '0')}`],
  ['a counter in front', (n) => `${n}:2026-03-01T10:00:00.000Z`],
  ['digests', (n) => createHash('sha256').update(String(n)).digest('hex')],
  ['two code units', (n) => String.fromCharCode(n & 0x3ff, n >> 10)],
  ['runs of one unit', (n) => 'a'.repeat(n % 225) + 'b'.repeat(n / 225)],
];

describe('The 64-bit hash', () => {
  it('never changes: stored items hold it', () => {
    const samples = ['', 'a', 'ab', 'visitor-1', 'größe', '\u{1f600}', '\ud800', 'x'.repeat(99)];
    expect(samples.map((text) => bits(text).toString(16).padStart(16, '0'))).toMatchInlineSnapshot(`
[
  "6eaa8dfbf7c158e3",
  "098318e0c7a46eb5",
  "76090177e1fc60e5",
  "234c2010aa6e9f8a",
  "5416ffc336005f22",
  "e203b992313aa2d5",
  "738a355dbdc42873",
  "9205ec03212f4810",
]
`);
  });

  it.each(families)('tells 50,000 ids apart in 64 bits, and each half as chance would: %s', (_, id) => {
    const n = 50_000;
    const whole = new Set<string>();
    const high = new Set<number>();
    const low = new Set<number>();
    for (let i = 0; i < n; i++) {
      const hash = hash64(id(i));
      whole.add(`${hash.high} ${hash.low}`);
      high.add(hash.high);
      low.add(hash.low);
    }
    expect(whole.size).toBe(n);
    // Of n values in 2^32 places n² / 2^33 pairs meet: 0.3, and more than five once in a million times.
    expect(n - high.size).toBeLessThan(6);
    expect(n - low.size).toBeLessThan(6);
  });

  it('turns about half of its bits, each of them, when one bit of the text turns', () => {
    const turned = new Array<number>(64).fill(0);
    let pairs = 0;
    for (let n = 0; n < 60; n++) {
      const text = `visitor-${n}-${(n * 7_919) % 1_000}`;
      for (let unit = 0; unit < text.length; unit++) {
        for (const bit of [0, 3, 9, 15]) {
          const other =
            text.slice(0, unit) +
            String.fromCharCode(text.charCodeAt(unit) ^ (1 << bit)) +
            text.slice(unit + 1);
          const [one, two] = [hash64(text), hash64(other)];
          for (let i = 0; i < 32; i++) {
            turned[i]! += ((one.low ^ two.low) >>> i) & 1;
            turned[32 + i]! += ((one.high ^ two.high) >>> i) & 1;
          }
          pairs++;
        }
      }
    }
    // Five standard deviations of a fair coin thrown `pairs` times.
    const tolerance = (5 * 0.5) / Math.sqrt(pairs);
    for (const count of turned) expect(Math.abs(count / pairs - 0.5)).toBeLessThan(tolerance);
  });

  it('fills buckets evenly by its high bits, which sketches use', () => {
    const buckets = new Array<number>(1_024).fill(0);
    for (let n = 0; n < 102_400; n++) buckets[hash64(`v${n}`).high >>> 22]!++;
    const chiSquared = buckets.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
    // 1,023 degrees of freedom: mean 1,023, standard deviation 45.
    expect(Math.abs(chiSquared - 1_023)).toBeLessThan(5 * 45.2);
  });

  it('is two whole numbers below 2^32, the same for the same text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { high, low } = hash64(text);
        for (const half of [high, low]) {
          expect(Number.isInteger(half) && half >= 0 && half < 2 ** 32).toBe(true);
        }
        expect(hash64(`${text}`)).toEqual({ high, low });
      }),
    );
  });
});
