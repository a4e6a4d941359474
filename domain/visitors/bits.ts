/** Writes numbers of any width behind each other, highest bit first. */
export class BitWriter {
  private position = 0;

  /** @param bytes zeros, as many as will be written */
  constructor(readonly bytes: Uint8Array) {}

  /** @param width at most 24 */
  write(value: number, width: number): void {
    let left = width;
    while (left > 0) {
      const room = 8 - (this.position & 7);
      const taken = Math.min(room, left);
      const part = (value >>> (left - taken)) & ((1 << taken) - 1);
      this.bytes[this.position >>> 3]! |= part << (room - taken);
      this.position += taken;
      left -= taken;
    }
  }

  writeOnes(count: number): void {
    for (let left = count; left > 0; left--) this.write(1, 1);
  }
}

/** Reads what a `BitWriter` wrote. */
export class BitReader {
  /** @param position the bit to begin with */
  constructor(
    private readonly bytes: Uint8Array,
    private position: number,
  ) {}

  get bitsLeft(): number {
    return this.bytes.length * 8 - this.position;
  }

  /** @param width at most 24, and no more than are left */
  read(width: number): number {
    let value = 0;
    let left = width;
    while (left > 0) {
      const room = 8 - (this.position & 7);
      const taken = Math.min(room, left);
      const byte = this.bytes[this.position >>> 3]!;
      value = (value << taken) | ((byte >>> (room - taken)) & ((1 << taken) - 1));
      this.position += taken;
      left -= taken;
    }
    return value;
  }

  /** The ones up to the next zero, which is read as well, or up to the end. */
  readOnes(): number {
    let count = 0;
    while (this.bitsLeft > 0 && this.read(1) === 1) count++;
    return count;
  }
}
