/**
 * HyperLogLog: how many distinct things were added, from a fixed number of small registers. Adding a thing again
 * changes nothing and merging two sketches gives the sketch of both, so that neither a redelivery nor a second
 * shard can count a visitor twice.
 */
export interface Sketch {
  readonly precision: Precision;
  /** One byte a register: the longest run of leading zeros seen in its part of the hashes, plus one; 0 for none. */
  readonly registers: Uint8Array;
}

/** The logarithm to base 2 of the number of registers. */
export type Precision = 10 | 12;

/**
 * What one hash says to a sketch: `register << rankBits | rank`. Smaller to hold than a sketch, while it is not
 * known yet whether the sketch changes by it.
 */
export type Touch = number;

export const rankBits = 6;
const rankMask = (1 << rankBits) - 1;

/** The rank of a hash whose bits beyond the register's number are all zeros. */
export function highestRank(precision: Precision): number {
  return 64 - precision + 1;
}

export function emptySketch(precision: Precision): Sketch {
  return { precision, registers: new Uint8Array(1 << precision) };
}

/** 64 bits of hash as two halves, every bit as good as random. */
interface Hash {
  readonly high: number;
  readonly low: number;
}

export function touchOf(precision: Precision, { high, low }: Hash): Touch {
  const register = high >>> (32 - precision);
  const rest = (high << precision) >>> 0;
  const zeros = rest === 0 ? 32 - precision + Math.clz32(low) : Math.clz32(rest);
  return (register << rankBits) | (zeros + 1);
}

/** Returns whether the sketch has changed. */
export function touch({ registers }: Sketch, touched: Touch): boolean {
  const register = touched >>> rankBits;
  const rank = touched & rankMask;
  if (registers[register]! >= rank) return false;
  registers[register] = rank;
  return true;
}

/**
 * Adds to `sketch` what `other` has. Returns whether it has changed.
 *
 * @throws RangeError if the two have different precisions
 */
export function merge(sketch: Sketch, other: Sketch): boolean {
  if (sketch.precision !== other.precision) {
    throw new RangeError(`sketches of precision ${sketch.precision} and ${other.precision} cannot be merged`);
  }
  let hasChanged = false;
  for (const [register, rank] of other.registers.entries()) {
    if (rank > sketch.registers[register]!) {
      sketch.registers[register] = rank;
      hasChanged = true;
    }
  }
  return hasChanged;
}

/**
 * How many distinct things were added, not rounded. Unbiased from one thing to 2^64 of them, without a table of
 * corrections or a switch between formulas (Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog
 * sketches", 2017, improved raw estimator).
 */
export function estimate({ precision, registers }: Sketch): number {
  const size = registers.length;
  const highest = highestRank(precision);
  const registersOfRank = new Uint32Array(highest + 1);
  for (const rank of registers) registersOfRank[rank]!++;

  let sum = size * tau(1 - registersOfRank[highest]! / size);
  for (let rank = highest - 1; rank >= 1; rank--) sum = (sum + registersOfRank[rank]!) / 2;
  sum += size * sigma(registersOfRank[0]! / size);
  return (size * size) / (2 * Math.LN2 * sum);
}

/** The standard deviation of an estimate, as a share of the truth: √(3 ln 2 − 1) / √registers. */
export function standardError(precision: Precision): number {
  return Math.sqrt((3 * Math.LN2 - 1) / (1 << precision));
}

/** x + Σ x^(2^k) · 2^(k−1) over k from 1: what registers that saw nothing contribute. */
function sigma(x: number): number {
  if (x === 1) return Number.POSITIVE_INFINITY;
  let power = x;
  let factor = 1;
  let sum = x;
  for (let before = Number.NaN; sum !== before; factor *= 2) {
    power *= power;
    before = sum;
    sum += power * factor;
  }
  return sum;
}

/** (1 − x − Σ (1 − x^(2^−k))² · 2^−k over k from 1) / 3: what registers that can grow no more contribute. */
function tau(x: number): number {
  if (x === 0 || x === 1) return 0;
  let root = x;
  let factor = 1;
  let sum = 1 - x;
  for (let before = Number.NaN; sum !== before; ) {
    root = Math.sqrt(root);
    factor /= 2;
    before = sum;
    sum -= (1 - root) ** 2 * factor;
  }
  return sum / 3;
}
