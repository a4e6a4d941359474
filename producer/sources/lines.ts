export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Without its terminator; undefined for a line longer than the bound, which is not kept. */
  readonly bytes: Buffer | undefined;
}

export interface LineSplitter {
  /** The lines that end in this chunk. To be read to the end before the next chunk comes. */
  push(chunk: Uint8Array): Generator<Line, void, undefined>;
  /** The last line, if no terminator ended it. */
  end(): Line | undefined;
}

/** Far above what a record can hold, so that an event too large to be sent can still be kept and named. */
export const maxLineBytes = 16 * 1024 * 1024;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Splits bytes that come in chunks into lines ended by LF or CR LF. Holds one chunk and one line at a time. */
export function createLineSplitter(longest = maxLineBytes): LineSplitter {
  let number = 1;
  let begun: Buffer[] = [];
  let begunBytes = 0;
  const add = (part: Buffer) => {
    begunBytes += part.length;
    if (begunBytes <= longest) begun.push(part);
    else begun = [];
  };
  const take = (terminated: boolean): Line => {
    const bytes = begun.length === 1 ? begun[0]! : Buffer.concat(begun);
    const line = { number: number++, bytes: begunBytes > longest ? undefined : trimmed(bytes, terminated) };
    begun = [];
    begunBytes = 0;
    return line;
  };

  return {
    *push(chunk) {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      let start = 0;
      for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, start)) {
        add(bytes.subarray(start, end));
        yield take(true);
        start = end + 1;
      }
      if (start < bytes.length) add(bytes.subarray(start));
    },
    end: () => (begunBytes > 0 ? take(false) : undefined),
  };
}

/** The lines of a byte stream. Where each line counts in time, a splitter's own loop does without a promise a line. */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  longest = maxLineBytes,
): AsyncGenerator<Line, void, undefined> {
  const splitter = createLineSplitter(longest);
  for await (const chunk of chunks) yield* splitter.push(chunk);
  const last = splitter.end();
  if (last) yield last;
}

function trimmed(bytes: Buffer, terminated: boolean): Buffer {
  return terminated && bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes;
}
