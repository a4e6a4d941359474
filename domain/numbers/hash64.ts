/** 64 bits as two whole numbers from 0 to 2^32 − 1: arithmetic on BigInt would cost many times as much. */
export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

/**
 * A hash of 64 bits over the text's UTF-16 code units, for telling ids apart and for sketches. Not cryptographic:
 * who chooses ids can make two of them collide. It is stored data, so it never changes.
 *
 * Two lanes of 32 bits take the same blocks through the multiply-rotate rounds of MurmurHash3 (Appleby, public
 * domain) with each other's constants, and are mixed into each other at the end.
 */
export function hash64(text: string): Hash64 {
  const { length } = text;
  let a = firstOfA ^ length;
  let b = firstOfB ^ length;
  for (let i = 0; i < length; i += 2) {
    // The length is mixed in, so a last unit on its own cannot be taken for one with a zero behind it.
    const block = text.charCodeAt(i) | (i + 1 < length ? text.charCodeAt(i + 1) << 16 : 0);
    a = mixIntoA(a, block);
    b = mixIntoB(b, block);
  }
  return finished(a, b);
}

const firstOfA = 0x243f6a88;
const firstOfB = 0x85a308d3;

function mixIntoA(lane: number, block: number): number {
  const mixed = lane ^ Math.imul(rotate(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);
  return (Math.imul(rotate(mixed, 13), 5) + 0xe6546b64) | 0;
}

function mixIntoB(lane: number, block: number): number {
  const mixed = lane ^ Math.imul(rotate(Math.imul(block, 0x1b873593), 17), 0xcc9e2d51);
  return (Math.imul(rotate(mixed, 19), 9) + 0x38b34ae5) | 0;
}

function finished(laneA: number, laneB: number): Hash64 {
  let a = (laneA + laneB) | 0;
  let b = (laneB + a) | 0;
  a = finish(a);
  b = finish(b);
  a = (a + b) | 0;
  b = (b + a) | 0;
  return { high: a >>> 0, low: b >>> 0 };
}

function rotate(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by));
}

/** Every bit of the result depends on every bit of the argument. */
function finish(bits: number): number {
  let mixed = bits ^ (bits >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
