import fc from 'fast-check';
import { inUtf8, withoutMark } from '../../../producer/sources/text-encoding';

async function decode(bytes: Buffer, chunkBytes: number): Promise<string> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const parts: Buffer[] = [];
  for await (const part of inUtf8(chunks())) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

function swapped(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

describe('Text of a file', () => {
  it('is decoded from UTF-16 where a byte order mark says so, however it is cut into chunks', async () => {
    const text = fc
      .string({ unit: 'grapheme' })
      .filter((each) => each.isWellFormed() && !each.includes('\ufeff'));
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (written, chunkBytes) => {
        const little = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(written, 'utf16le')]);
        const big = Buffer.concat([Buffer.from([0xfe, 0xff]), swapped(written)]);

        expect(await decode(little, chunkBytes)).toBe(written);
        expect(await decode(big, chunkBytes)).toBe(written);
      }),
    );
  });

  it.each(['', 'a', 'ab', '{"a":1}\n', '\ufeff{}'])(
    'passes as it is without such a mark: %j',
    async (text) => {
      expect(await decode(Buffer.from(text), 3)).toBe(text);
    },
  );

  it('has no byte order mark at the start of a line', () => {
    expect(withoutMark(Buffer.from('\ufeff{}')).toString()).toBe('{}');
    expect(withoutMark(Buffer.from('\ufeff')).toString()).toBe('');
    expect(withoutMark(Buffer.from('{}\ufeff')).toString()).toBe('{}\ufeff');
    expect(withoutMark(Buffer.from([0xef, 0xbb])).length).toBe(2);
  });
});
