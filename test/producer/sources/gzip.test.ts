import { Readable } from 'node:stream';
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { decompressed } from '../../../producer/sources/gzip';

async function read(bytes: Uint8Array, chunkBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes)
    chunks.push(Buffer.from(bytes.subarray(at, at + chunkBytes)));
  const out: Buffer[] = [];
  for await (const chunk of decompressed(Readable.from(chunks))) out.push(chunk);
  return Buffer.concat(out);
}

describe('an input', () => {
  it('that is gzip is read as what was compressed, however it is cut into members and chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 50 }),
        async (members, chunkBytes) => {
          const compressed = Buffer.concat(members.map((member) => gzipSync(member)));

          expect(await read(compressed, chunkBytes)).toEqual(Buffer.concat(members));
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['one byte', Buffer.from('{')],
    ['the first byte of gzip alone', Buffer.from([0x1f])],
    ['text', Buffer.from('{"a":1}\n{"b":2}\n')],
    ['another compression', deflateSync('{"a":1}')],
  ])('of %s is left as it is', async (_what, bytes) => {
    expect(await read(bytes, 1)).toEqual(bytes);
    expect(await read(bytes, 100)).toEqual(bytes);
  });

  it('that was cut off or damaged gives what there was, and then fails', async () => {
    const compressed = gzipSync(Buffer.from('x'.repeat(5000)));
    const damaged = Buffer.from(compressed);
    damaged[compressed.length - 6]! ^= 1;

    await expect(read(compressed.subarray(0, -4), 7)).rejects.toThrow('unexpected end of file');
    await expect(read(damaged, 7)).rejects.toThrow('incorrect data check');
  });

  it('closes its stream when nobody reads on', async () => {
    const stream = Readable.from([gzipSync('a'.repeat(10)), Buffer.from('rest')]);
    for await (const _chunk of decompressed(stream)) break;

    expect(stream.destroyed).toBe(true);
  });
});
