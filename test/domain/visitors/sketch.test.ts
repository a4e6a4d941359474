import fc from 'fast-check';
import { seededRandom } from '../../../domain/numbers/random';
import {
  emptySketch,
  estimate,
  highestRank,
  merge,
  type Precision,
  type Sketch,
  standardError,
  touch,
  touchOf,
} from '../../../domain/visitors/sketch';
import { decodeSketch, encodeSketch } from '../../../domain/visitors/sketch-bytes';

const precision = fc.constantFrom<Precision>(10, 12);
const uint32 = fc.oneof(
  fc.nat({ max: 0xffff_ffff }),
  fc.constantFrom(0, 1, 0xffff_ffff, 0x8000_0000, 0x000f_ffff),
);
const hash = fc.record({ high: uint32, low: uint32 });
const hashes = fc.array(hash, { maxLength: 400 });

type Hash = { readonly high: number; readonly low: number };

function sketchOf(of: Precision, added: readonly Hash[]): Sketch {
  const sketch = emptySketch(of);
  for (const one of added) touch(sketch, touchOf(of, one));
  return sketch;
}

/** As many different hashes as are asked for. */
function* distinct(count: number, seed: string): Generator<Hash> {
  const random = seededRandom(seed);
  for (let i = 0; i < count; i++) yield { high: random.uint32(), low: random.uint32() };
}

/** Ranks as they are after any number of visitors, up to the highest that there is. */
const anySketch: fc.Arbitrary<Sketch> = fc
  .tuple(precision, fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 3_000 }), fc.nat({ max: 56 }))
  .map(([of, places, floor]) => {
    const sketch = emptySketch(of);
    sketch.registers.fill(places.length > 1_500 ? Math.min(floor, highestRank(of)) : 0);
    for (const [at, rank] of places) {
      sketch.registers[at % sketch.registers.length] = rank % (highestRank(of) + 1);
    }
    return sketch;
  });

describe('A touch', () => {
  it('names the register by the first bits of the hash, and the zeros that follow them', () => {
    fc.assert(
      fc.property(precision, hash, (of, { high, low }) => {
        const bits = ((BigInt(high) << 32n) | BigInt(low)).toString(2).padStart(64, '0');
        const zeros = /^0*/.exec(bits.slice(of))![0].length;
        expect(touchOf(of, { high, low })).toBe(Number.parseInt(bits.slice(0, of), 2) * 64 + zeros + 1);
      }),
      { numRuns: 1_000 },
    );
  });

  it('changes a sketch once at the most', () => {
    fc.assert(
      fc.property(precision, hashes, hash, (of, before, one) => {
        const sketch = sketchOf(of, before);
        touch(sketch, touchOf(of, one));
        const registers = [...sketch.registers];
        expect(touch(sketch, touchOf(of, one))).toBe(false);
        expect([...sketch.registers]).toEqual(registers);
      }),
    );
  });
});

describe('Merging sketches', () => {
  it('gives the sketch of everything that was added to either, in any order, any number of times', () => {
    fc.assert(
      fc.property(precision, hashes, hashes, hashes, (of, a, b, c) => {
        const merged = sketchOf(of, c);
        for (const part of [b, a, b, c]) merge(merged, sketchOf(of, part));
        expect(merged).toEqual(sketchOf(of, [...a, ...b, ...c]));
      }),
    );
  });

  it('says whether it changed anything', () => {
    fc.assert(
      fc.property(precision, hashes, hashes, (of, a, b) => {
        const [sketch, other] = [sketchOf(of, a), sketchOf(of, b)];
        const before = encodeSketch(sketch);
        expect(merge(sketch, other)).toBe(!Buffer.from(before).equals(encodeSketch(sketch)));
        expect(merge(sketch, other)).toBe(false);
      }),
    );
  });

  it('is refused between precisions', () => {
    expect(() => merge(emptySketch(12), emptySketch(10))).toThrow(
      'sketches of precision 12 and 10 cannot be merged',
    );
  });
});

describe('An estimate', () => {
  it('of nothing is 0, and of a few things their number', () => {
    expect(estimate(emptySketch(12))).toBe(0);
    for (const count of [1, 2, 5, 10]) {
      expect(Math.round(estimate(sketchOf(12, [...distinct(count, `few ${count}`)])))).toBe(count);
    }
  });

  const sizes = [1, 10, 100, 1_000, 3_000, 10_000, 30_000, 100_000];

  it.each([10, 12] as const)('of precision %i is within four standard errors of the truth', (of) => {
    for (let seed = 0; seed < 5; seed++) {
      const sketch = emptySketch(of);
      let added = 0;
      for (const one of distinct(sizes.at(-1)!, `error ${seed}`)) {
        touch(sketch, touchOf(of, one));
        added++;
        if (!sizes.includes(added)) continue;
        const error = Math.abs(estimate(sketch) / added - 1);
        // Two of a few things may share a register, which is one too few of them.
        const allowed = Math.max(4 * standardError(of), 1.1 / added);
        if (error > allowed) throw new Error(`${added} with seed ${seed}: off by ${error}`);
      }
    }
  });

  it.each([10, 12] as const)(
    'of precision %i is off as much as its standard error says, and not to one side',
    (of) => {
      const [count, sketches] = [20_000, 60];
      const errors = Array.from({ length: sketches }, (_, seed) => {
        const sketch = sketchOf(of, [...distinct(count, `spread ${seed}`)]);
        return (estimate(sketch) / count - 1) / standardError(of);
      });
      const mean = errors.reduce((sum, error) => sum + error, 0) / sketches;
      const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / sketches);
      // Of 60 draws the mean spreads by 0.13 and the deviation by 0.09.
      expect(Math.abs(mean)).toBeLessThan(0.45);
      expect(deviation).toBeGreaterThan(0.7);
      expect(deviation).toBeLessThan(1.3);
    },
  );

  it('is finite when every register is full', () => {
    const sketch = emptySketch(12);
    sketch.registers.fill(highestRank(12));
    expect(estimate(sketch)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('The bytes of a sketch', () => {
  it('give the sketch back, whatever its registers', () => {
    fc.assert(
      fc.property(anySketch, (sketch) => {
        const decoded = decodeSketch(encodeSketch(sketch));
        expect(decoded).toEqual(sketch);
        expect(estimate(decoded)).toBe(estimate(sketch));
      }),
      { numRuns: 300 },
    );
  });

  it('are the same for the same registers, however they came to be', () => {
    fc.assert(
      fc.property(precision, hashes, (of, added) => {
        const once = encodeSketch(sketchOf(of, added));
        const grown = added.reduce(
          (bytes, one) => {
            const sketch = decodeSketch(bytes);
            touch(sketch, touchOf(of, one));
            return encodeSketch(sketch);
          },
          encodeSketch(emptySketch(of)),
        );
        expect(grown).toEqual(once);
      }),
      { numRuns: 30 },
    );
  });

  it('are few: two a visitor at first, and never above 7 bits a register', () => {
    const bytes = (of: Precision, count: number) =>
      encodeSketch(sketchOf(of, [...distinct(count, 'size')])).length;
    expect([bytes(10, 0), bytes(10, 10), bytes(12, 10)]).toEqual([2, 22, 25]);
    for (const count of [300, 1_000, 10_000, 200_000]) {
      expect(bytes(10, count)).toBeLessThan(520);
      expect(bytes(12, count)).toBeLessThan(2_048);
    }
    fc.assert(
      fc.property(anySketch, (sketch) => {
        expect(encodeSketch(sketch).length).toBeLessThanOrEqual(3 + (sketch.registers.length * 7) / 8);
      }),
    );
  });

  it('are refused when they are none of a sketch, with what is wrong', () => {
    const sparse = encodeSketch(sketchOf(10, [...distinct(3, 'sparse')]));
    const dense = encodeSketch(sketchOf(12, [...distinct(9_000, 'dense')]));
    const changed = (bytes: Uint8Array, at: number, to: number) => bytes.with(at, to);
    for (const [bytes, message] of [
      [new Uint8Array(), 'sketch of 0 bytes: begins with nothing; must be 16 or 17'],
      [changed(sparse, 0, 32), 'sketch of 8 bytes: begins with 32; must be 16 or 17'],
      [sparse.subarray(0, 1), 'sketch of 1 bytes: precision is missing; must be 10 or 12'],
      [changed(sparse, 1, 11), 'sketch of 8 bytes: precision 11; must be 10 or 12'],
      [sparse.subarray(0, 7), 'sketch of 7 bytes: not the sparse form of any sketch of precision 10'],
      [changed(sparse, 0, 17), 'sketch of 8 bytes: not the dense form of any sketch of precision 10'],
      [new Uint8Array([...sparse, 0, 0]), 'not the sparse form of any sketch'],
      [new Uint8Array([...dense, 0]), 'not the dense form of any sketch of precision 12'],
      [dense.subarray(0, dense.length - 1), 'not the dense form of any sketch of precision 12'],
    ] as const) {
      expect(() => decodeSketch(bytes)).toThrow(message);
    }
  });

  it('are refused, and never misread, after any change of a bit that is not another sketch', () => {
    fc.assert(
      fc.property(anySketch, fc.nat(), fc.nat({ max: 7 }), (sketch, at, bit) => {
        const bytes = encodeSketch(sketch);
        bytes[at % bytes.length]! ^= 1 << bit;
        let read: Sketch | undefined;
        try {
          read = decodeSketch(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
        if (read) expect(encodeSketch(read)).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it('are refused when they are garbage', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 1_000 }),
        fc.constantFrom(16, 17),
        precision,
        (garbage, head, of) => {
          const bytes = new Uint8Array([head, of, ...garbage]);
          try {
            expect(encodeSketch(decodeSketch(bytes))).toEqual(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        },
      ),
    );
  });
});
