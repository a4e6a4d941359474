import { gunzipSync } from 'node:zlib';

const lineFeed = 0x0a;

/** An object's bytes, unpacked if they are gzip: whether its headers say so depends on who wrote it. No JSON starts so. */
export function unpacked(body: Buffer): Buffer {
  return body[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body;
}

/** The lines of an object, packed or not, one after the other, without empty ones. */
export function* linesIn(body: Buffer): Generator<Buffer> {
  const bytes = unpacked(body);
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(lineFeed, start);
    const end = feed < 0 ? bytes.length : feed;
    if (end > start) yield bytes.subarray(start, end);
    start = end + 1;
  }
}
