import { TextDecoder } from 'node:util';

const marks = [
  { encoding: 'utf-16le', bytes: Buffer.from([0xff, 0xfe]) },
  { encoding: 'utf-16be', bytes: Buffer.from([0xfe, 0xff]) },
] as const;
const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Text in UTF-8. A byte order mark tells UTF-16, which Windows' shells write and which is decoded; without one, bytes
 * pass as they are.
 */
export async function* inUtf8(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let decoder: TextDecoder | undefined;
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (head) {
      bytes = Buffer.concat([head, chunk]);
      head = bytes.length < 2 ? bytes : undefined;
      if (head) continue;
      const mark = marks.find((each) => bytes.subarray(0, 2).equals(each.bytes));
      decoder = mark && new TextDecoder(mark.encoding);
    }
    yield decoder ? Buffer.from(decoder.decode(bytes, { stream: true })) : bytes;
  }
  if (head && head.length > 0) yield head;
  if (decoder) yield Buffer.from(decoder.decode());
}

/** A line without the byte order mark that a file begins with: one that follows another in a stream has it within. */
export function withoutMark(line: Buffer): Buffer {
  return line[0] === utf8Mark[0] && line.subarray(0, utf8Mark.length).equals(utf8Mark)
    ? line.subarray(utf8Mark.length)
    : line;
}
