import type { Readable } from 'node:stream';
import { pipeline, Readable as ReadableStream } from 'node:stream';
import { createGunzip } from 'node:zlib';

const magic = Buffer.from([0x1f, 0x8b]);

/**
 * The bytes of a stream, decompressed if its first two bytes say that it is gzip (RFC 1952), members after the first
 * included; whatever its name is. No line of text begins with these bytes. Throws what the stream or zlib throws.
 */
export async function* decompressed(stream: Readable): AsyncGenerator<Buffer, void, undefined> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    let head = Buffer.alloc(0);
    while (head.length < magic.length) {
      const { done, value } = await chunks.next();
      if (done) break;
      head = Buffer.concat([head, value]);
    }
    const whole = prepended(head, chunks);
    if (head.subarray(0, magic.length).equals(magic)) yield* gunzipped(whole);
    else yield* whole;
  } finally {
    await chunks.return?.();
  }
}

async function* prepended(
  head: Buffer,
  rest: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

async function* gunzipped(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const gunzip = createGunzip();
  // The loop throws what goes wrong on either side.
  pipeline(ReadableStream.from(compressed), gunzip, () => {});
  for await (const chunk of gunzip) yield chunk as Buffer;
}
