/** For what is written behind a record; ends of lines are seldom as long. */
const spareBytes = 4 * 1024;

/**
 * One piece of memory for all records, one after the other, which is quicker than new memory for each. What stands in
 * it holds until the next record is decoded.
 */
export class RecordMemory {
  bytes = Buffer.allocUnsafeSlow(64 * 1024);

  /** @returns how many bytes the record has: the first ones of the memory */
  decode(base64: string): number {
    const most = Math.ceil((base64.length / 4) * 3);
    if (most + spareBytes > this.bytes.length) this.bytes = Buffer.allocUnsafeSlow(most + spareBytes);
    return this.bytes.write(base64, 0, 'base64');
  }
}

/** How many characters of base64 some bytes make. */
export function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}
