import type { Hash64 } from '../numbers/hash64';

const leastCapacity = 1_024;

/**
 * The latest slice of time in which each of many hashes was seen. An open-addressing table over typed arrays: a
 * shard's recent events are hundreds of thousands, and a Map of them would take ten times the memory.
 */
export class HashIndex {
  private high = new Uint32Array(leastCapacity);
  private low = new Uint32Array(leastCapacity);
  /** The slice + 1; 0 where nothing stands. */
  private slices = new Uint32Array(leastCapacity);
  private size = 0;
  private oldest = Number.NEGATIVE_INFINITY;

  /** Bytes of memory. */
  get bytes(): number {
    return this.slices.length * 12;
  }

  /** Lets go of what was last seen before `slice`, the next time that room is needed. */
  forgetBefore(slice: number): void {
    this.oldest = Math.max(this.oldest, slice);
  }

  /** The latest slice in which the hash was seen, if it was. */
  latest({ high, low }: Hash64): number | undefined {
    const slice = this.slices[this.placeOf(high, low)]!;
    return slice === 0 ? undefined : slice - 1;
  }

  add({ high, low }: Hash64, slice: number): void {
    this.put(high, low, slice + 1);
    // At most five eighths full, so that a search ends after a few steps.
    if (this.size * 8 > this.slices.length * 5) this.makeRoom();
  }

  private put(high: number, low: number, slice: number): void {
    const place = this.placeOf(high, low);
    const known = this.slices[place]!;
    if (known === 0) this.size++;
    this.high[place] = high;
    this.low[place] = low;
    if (slice > known) this.slices[place] = slice;
  }

  /** Where the hash stands, or would. */
  private placeOf(high: number, low: number): number {
    const mask = this.slices.length - 1;
    let place = low & mask;
    while (this.slices[place] !== 0 && (this.low[place] !== low || this.high[place] !== high)) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private makeRoom(): void {
    const { high, low, slices } = this;
    const isLive = (slice: number): boolean => slice !== 0 && slice > this.oldest;
    let live = 0;
    for (const slice of slices) if (isLive(slice)) live++;
    let capacity = leastCapacity;
    while (capacity < live * 2) capacity *= 2;
    this.high = new Uint32Array(capacity);
    this.low = new Uint32Array(capacity);
    this.slices = new Uint32Array(capacity);
    this.size = 0;
    for (let i = 0; i < slices.length; i++) {
      if (isLive(slices[i]!)) this.put(high[i]!, low[i]!, slices[i]!);
    }
  }
}
