/** For what is written behind a record; no end of a line is as long. */
const spareBytes = 64 * 1024;

let memory = Buffer.allocUnsafeSlow(2 * spareBytes);

/**
 * The bytes of a record. They stand in one piece of memory for all records, which is quicker than new memory for
 * each, and hold until the next record is decoded.
 */
export function decode(base64: string): Buffer {
  const most = Math.ceil((base64.length / 4) * 3);
  if (most + spareBytes > memory.length) memory = Buffer.allocUnsafeSlow(most + spareBytes);
  return memory.subarray(0, memory.write(base64, 'base64'));
}

/**
 * The first bytes of the record that was decoded last, and a text behind them, which is written over the others.
 *
 * @param record what `decode` returned
 * @param text in ASCII
 */
export function withEnd(record: Buffer, kept: number, text: string): Buffer {
  const written = memory.write(text, kept, 'latin1');
  if (record.buffer !== memory.buffer || written < text.length)
    throw new RangeError('no room behind the record');
  return memory.subarray(0, kept + written);
}

/** How many characters of base64 some bytes make. */
export function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}
