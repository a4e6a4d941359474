import type { Hash64 } from '../../domain/bytes/hash64';

/** One event in so many that a filter has not seen is taken for one that it has. */
const falsePositives = 1e-6;

const bitsPerEvent = -Math.log(falsePositives) / Math.LN2 ** 2;
const hashes = Math.round(bitsPerEvent * Math.LN2);

/** A Bloom filter for a known number of events. */
export interface BloomFilter {
  readonly bytes: Uint8Array;
  add(hash: Hash64): void;
  has(hash: Hash64): boolean;
}

export function createBloomFilter(events: number): BloomFilter {
  // Two hashes are not random enough for a handful of bits, and a write is charged a kilobyte in any case.
  const bytes = new Uint8Array(Math.max(512, Math.ceil((events * bitsPerEvent) / 8)));
  const bits = bytes.length * 8;
  // Enhanced double hashing (Dillinger and Manolios): two hashes make as many as one likes.
  const bitOf = ({ high, low }: Hash64, n: number): number => (high + n * low + (n ** 3 - n) / 6) % bits;
  return {
    bytes,
    add: (hash) => {
      for (let n = 0; n < hashes; n++) {
        const bit = bitOf(hash, n);
        bytes[bit >> 3]! |= 1 << (bit & 7);
      }
    },
    has: (hash) => {
      for (let n = 0; n < hashes; n++) {
        const bit = bitOf(hash, n);
        if (((bytes[bit >> 3]! >> (bit & 7)) & 1) === 0) return false;
      }
      return true;
    },
  };
}
