/** A stream of numbers that a seed decides: the same seed gives the same stream, on every machine. */
export interface Random {
  /** A whole number from 0 to 2^32 − 1. */
  uint32(): number;
  /** From 0 (included) to 1 (excluded). */
  float(): number;
  /** A whole number from 0 to `limit` − 1. */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** Lower-case hex digits. */
  hex(digits: number): string;
}

/**
 * An sfc32 generator (Chris Doty-Humphrey's Small Fast Counting, from PractRand), seeded by a text.
 * Its state has 128 bits, so that ids drawn from two differently seeded streams do not meet. Not for secrets.
 */
export function seededRandom(seed: string): Random {
  let a = lane(seed, 0x243f6a88);
  let b = lane(seed, 0x85a308d3);
  let c = lane(seed, 0x13198a2e);
  let counter = lane(seed, 0x03707344);

  const uint32 = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // The first numbers still resemble the seed's hash.
  for (let i = 0; i < 16; i++) uint32();

  const float = () => uint32() / 2 ** 32;
  const below = (limit: number) => Math.floor(float() * limit);
  return {
    uint32,
    float,
    below,
    chance: (probability) => float() < probability,
    pick: <T>(from: readonly T[]): T => {
      if (from.length === 0) throw new Error('cannot pick from an empty list');
      return from[below(from.length)] as T;
    },
    hex: (digits) => {
      let text = '';
      while (text.length < digits) text += uint32().toString(16).padStart(8, '0');
      return text.slice(0, digits);
    },
  };
}

/**
 * Picks one of `choices`, each as often as its weight says; draws one number. Weights are not negative, and at least
 * one is above 0. Undefined for no choices: then there is nothing to pick.
 */
export function weightedPick<T>(
  choices: readonly T[],
  weightOf: (choice: T) => number,
): ((random: Random) => T) | undefined {
  if (choices.length === 0) return undefined;
  const sums: number[] = [];
  let sum = 0;
  for (const choice of choices) {
    sum += weightOf(choice);
    sums.push(sum);
  }
  const shares = sums.map((partial) => partial / sum);
  return (random) => choices[firstAbove(shares, random.float())] as T;
}

/** The first index whose running sum lies above `at`. */
function firstAbove(sums: readonly number[], at: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** One of the state's words: a multiply-and-rotate hash over the text, which `salt` makes independent of the others. */
function lane(text: string, salt: number): number {
  let hash = salt ^ text.length;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x9e3779b1);
    hash = (hash << 15) | (hash >>> 17);
  }
  // Every bit of the text reaches every bit of the word only after a final mix.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
