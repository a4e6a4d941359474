import fc from 'fast-check';
import { printable, printableJson } from '../../cli/terminal-text';

describe('text for a terminal', () => {
  it.each([
    ['an escape sequence', '/a\u001b[2J', '/a\u{fffd}[2J'],
    ['a C1 control sequence introducer', '/\u009b31m', '/\u{fffd}31m'],
    ['a delete', '/\u007f', '/\u{fffd}'],
    ['a change of direction', '/\u202egpj.exe', '/\u{fffd}gpj.exe'],
    ['an isolate', '/\u2066x', '/\u{fffd}x'],
    ['a line break', 'a\r\nb', 'a\u{fffd}\u{fffd}b'],
    ['a line separator', 'a\u2028b\u2029c', 'a\u{fffd}b\u{fffd}c'],
    ['an invisible tag', 'a\u{e0041}', 'a\u{fffd}'],
    ['a lone surrogate', '/\ud800', '/\u{fffd}'],
  ])('shows %s as a replacement character', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('leaves letters of any script, and emoji, as they are', () => {
    expect(printable('/größe/日本/עברית/🛒?q=a b')).toBe('/größe/日本/עברית/🛒?q=a b');
  });

  it('never holds what a terminal acts upon', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('JSON for a terminal', () => {
  it('escapes what a terminal acts upon', () => {
    expect(printableJson({ page: '/\u009b31m\u202e\u007f\u{e0041}' })).toBe(
      '{"page":"/\\u009b31m\\u202e\\u007f\\udb40\\udc41"}',
    );
  });

  it('means the same, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = printableJson([text]);
        expect(JSON.parse(json)).toEqual([text]);
        expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});
