import fc from 'fast-check';
import { printable } from '../../cli/terminal-text';

describe('A text from outside', () => {
  it.each([
    ['an escape sequence', '\u001b[2J', '\\u{1b}[2J'],
    ['an escape sequence of one byte', '\u009b31m', '\\u{9b}31m'],
    ['DEL and backspace', 'a\u007f\b', 'a\\u{7f}\\u{8}'],
    ['a turn of direction', 'evil\u202etxt.exe', 'evil\\u{202e}txt.exe'],
    ['what is not to be seen', 'a\u200b\ufeffb', 'a\\u{200b}\\u{feff}b'],
    ['ends of lines', 'a\r\nb\u2028c', 'a\\u{d}\\u{a}b\\u{2028}c'],
    ['half a surrogate pair', '\ud800x', '\\u{d800}x'],
    ['a tag beyond the first plane', '\u{e0041}', '\\u{e0041}'],
  ])('is printed without %s', (_, text, printed) => {
    expect(printable(text)).toBe(printed);
  });

  it.each(['Größe 漢字 😀 é', '{"page":"/a b"}', ''])(
    'is printed as it is if all of it is to be seen: %s',
    (text) => {
      expect(printable(text)).toBe(text);
    },
  );

  it('has no control character left, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/\p{Cc}|\p{Bidi_Control}/u);
      }),
    );
  });
});
