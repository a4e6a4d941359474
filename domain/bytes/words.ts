/**
 * Bytes four at a time: a `DataView` takes a word from any place in one step, which is a fraction of what reading its
 * bytes takes. Words are little-endian, whatever the machine.
 */

let lastBytes: Buffer = Buffer.alloc(0);
let lastView = viewOf(lastBytes);

/** The view of some bytes. That of the bytes it was last asked for is kept, since making one takes longer than using it. */
export function wordsOf(bytes: Buffer): DataView {
  if (bytes !== lastBytes) {
    lastView = viewOf(bytes);
    lastBytes = bytes;
  }
  return lastView;
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

const oneMultiplier = 0x9e3779b1;
const otherMultiplier = 0x85ebca6b;

/** 32 bits that tell most runs of bytes apart. Who chooses the bytes can choose runs that it takes for the same. */
export function hashOfWords(words: DataView, start: number, end: number): number {
  let one = 0x243f6a88 ^ (end - start);
  let other = 0x13198a2e;
  let at = start;
  // Two at once, as a multiplication waits for the one before it.
  for (; at <= end - 8; at += 8) {
    one = Math.imul(one ^ words.getInt32(at, true), oneMultiplier);
    other = Math.imul(other ^ words.getInt32(at + 4, true), otherMultiplier);
  }
  if (at <= end - 4) {
    one = Math.imul(one ^ words.getInt32(at, true), oneMultiplier);
    at += 4;
  }
  for (; at < end; at++) other = Math.imul(other ^ words.getUint8(at), otherMultiplier);
  // A multiplication carries a difference upwards only, and places in a table are told by the lower bits.
  const both = Math.imul(one ^ (one >>> 15) ^ ((other << 9) | (other >>> 23)), oneMultiplier);
  return both ^ (both >>> 15);
}

/** Whether the same bytes stand at two places. */
export function areSame(
  words: DataView,
  start: number,
  others: DataView,
  otherStart: number,
  length: number,
): boolean {
  let index = 0;
  for (; index <= length - 8; index += 8) {
    const one = words.getInt32(start + index, true) ^ others.getInt32(otherStart + index, true);
    const two = words.getInt32(start + index + 4, true) ^ others.getInt32(otherStart + index + 4, true);
    if ((one | two) !== 0) return false;
  }
  for (; index <= length - 4; index += 4) {
    if (words.getInt32(start + index, true) !== others.getInt32(otherStart + index, true)) return false;
  }
  for (; index < length; index++) {
    if (words.getUint8(start + index) !== others.getUint8(otherStart + index)) return false;
  }
  return true;
}

/** Whether all bytes of a run are decimal digits. */
export function areDigits(words: DataView, start: number, end: number): boolean {
  let at = start;
  for (; at <= end - 4; at += 4) {
    const word = words.getInt32(at, true);
    // Below 0 it borrows, above 9 it reaches the top bit.
    if (((word | (word - 0x30303030) | (word + 0x46464646)) & 0x80808080) !== 0) return false;
  }
  for (; at < end; at++) {
    const byte = words.getUint8(at);
    if (byte < 0x30 || byte > 0x39) return false;
  }
  return true;
}
