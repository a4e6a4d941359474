import type { Hash64 } from '../numbers/hash64';

const leastRoom = 16;

/** Hashes in the order in which they were added, eight bytes each: an object each would be five times as much. */
export class HashList implements Iterable<Hash64> {
  length = 0;
  /** The high half of each and then its low half. */
  private halves = new Uint32Array(2 * leastRoom);

  /** Bytes of memory. */
  get bytes(): number {
    return this.halves.byteLength;
  }

  add({ high, low }: Hash64): void {
    const place = 2 * this.length++;
    if (place === this.halves.length) this.makeRoom();
    this.halves[place] = high;
    this.halves[place + 1] = low;
  }

  *[Symbol.iterator](): Generator<Hash64, void> {
    for (let place = 0; place < 2 * this.length; place += 2) {
      yield { high: this.halves[place]!, low: this.halves[place + 1]! };
    }
  }

  private makeRoom(): void {
    const halves = new Uint32Array(2 * this.halves.length);
    halves.set(this.halves);
    this.halves = halves;
  }
}
