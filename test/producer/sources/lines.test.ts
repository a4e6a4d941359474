import fc from 'fast-check';
import { readLines } from '../../../producer/sources/lines';

async function read(chunks: readonly (string | Buffer)[], longest?: number): Promise<(string | undefined)[]> {
  const lines: (string | undefined)[] = [];
  async function* stream() {
    for (const chunk of chunks) yield Buffer.from(chunk);
  }
  for await (const { number, bytes } of readLines(stream(), longest)) {
    expect(number).toBe(lines.length + 1);
    lines.push(bytes?.toString('latin1'));
  }
  return lines;
}

describe('the line reader', () => {
  it.each([
    ['LF', 'a\nb\n', ['a', 'b']],
    ['CR LF', 'a\r\nb\r\n', ['a', 'b']],
    ['no terminator at the end', 'a\nb', ['a', 'b']],
    ['blank lines', '\n\na\n\r\n', ['', '', 'a', '']],
    ['a CR that ends no line', 'a\rb\r\r\nc\r', ['a\rb\r', 'c\r']],
    ['nothing', '', []],
  ])('knows %s', async (_what, text, lines) => {
    expect(await read([text])).toEqual(lines);
  });

  it('finds the same lines however the bytes are cut into chunks', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r', '\0') });
    await fc.assert(
      fc.asyncProperty(fc.array(text), async (chunks) => {
        expect(await read(chunks)).toEqual(await read([chunks.join('')]));
      }),
    );
  });

  it('does not keep a line longer than the bound, and goes on after it', async () => {
    expect(await read(['aaa', 'aa\nbbbb\nccccc', 'c\n'], 4)).toEqual([undefined, 'bbbb', undefined]);
  });
});
