const lineFeed = 0x0a;

/** The lines of an object, one after the other, without empty ones. */
export function* linesIn(body: Buffer): Generator<Buffer> {
  for (let start = 0; start < body.length; ) {
    const feed = body.indexOf(lineFeed, start);
    const end = feed < 0 ? body.length : feed;
    if (end > start) yield body.subarray(start, end);
    start = end + 1;
  }
}
