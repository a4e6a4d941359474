import fc from 'fast-check';
import { maxDepth, scanObject } from '../../domain/json-scanner';

function scan(text: string) {
  return scanObject(Buffer.from(text));
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('The scanner', () => {
  it('names each member of the outermost object, and where its value stands', () => {
    const text = ' {"a":1,"b":"x","c":{"d":[]},"e":[{}], "f" : null }';
    const result = scan(text);
    const members = result.ok
      ? result.members.map(({ name, kind, start, end }) => [name, kind, text.slice(start, end)])
      : [];
    expect(members).toEqual([
      ['a', 'number', '1'],
      ['b', 'string', '"x"'],
      ['c', 'object', '{"d":[]}'],
      ['e', 'array', '[{}]'],
      ['f', 'literal', 'null'],
    ]);
    expect(result.ok && text[result.end]).toBe('}');
  });

  it.each([
    ['{"a":1,"a":2}', 'duplicate_key'],
    ['{"a":1,"\\u0061":2}', 'duplicate_key'],
    ['{"x":{"b":1,"b":2}}', 'duplicate_key'],
    ['{"x":[{"b":1,"b":2}]}', 'duplicate_key'],
    ['{"__proto__":1}', 'forbidden_key'],
    ['{"x":{"__pr\\u006fto__":1}}', 'forbidden_key'],
    ['[]', 'not_object'],
    ['"text"', 'not_object'],
    ['null', 'not_object'],
    ['', 'not_json'],
    ['{', 'not_json'],
    ['{}{}', 'not_json'],
    ['{"a":1,}', 'not_json'],
    ['{a:1}', 'not_json'],
    ["{'a':1}", 'not_json'],
    ['{"a":01}', 'not_json'],
    ['{"a":1.}', 'not_json'],
    ['{"a":.5}', 'not_json'],
    ['{"a":+1}', 'not_json'],
    ['{"a":1e}', 'not_json'],
    ['{"a":NaN}', 'not_json'],
    ['{"a":"\t"}', 'not_json'],
    ['{"a":"\\x"}', 'not_json'],
    ['{"a":"\\u12g4"}', 'not_json'],
    ['{"a":"', 'not_json'],
    ['{"a":tru}', 'not_json'],
    ['\ufeff{}', 'not_json'],
  ])('refuses %s as %s', (text, reason) => {
    expect(scan(text)).toEqual({ ok: false, reason });
  });

  it('sees a duplicate among many names', () => {
    const names = Array.from({ length: 40 }, (_, i) => `"k${i}":0`).join(',');
    expect(scan(`{${names}}`).ok).toBe(true);
    expect(scan(`{${names},"k5":1}`)).toEqual({ ok: false, reason: 'duplicate_key' });
    expect(scan(`{${names},"k39":1}`)).toEqual({ ok: false, reason: 'duplicate_key' });
  });

  it(`takes ${maxDepth} levels and no more, without regard to how many more there are`, () => {
    const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
    expect(scan(nested(maxDepth)).ok).toBe(true);
    expect(scan(nested(maxDepth + 1))).toEqual({ ok: false, reason: 'too_deep' });
    expect(scan(`{"a":${'['.repeat(200_000)}`)).toEqual({ ok: false, reason: 'too_deep' });
  });

  it('agrees with JSON.parse on what is JSON, for objects that are mutated at random', () => {
    const mutated = fc
      .tuple(
        fc
          .dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 5 })
          .map((value) => JSON.stringify(value)),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom('', ...'{}[]",:\\0123456789-+.eEtrufalsn \n\t\u0000é')), {
          maxLength: 3,
        }),
      )
      .map(([text, edits]) =>
        edits.reduce((current, [at, replacement]) => {
          const index = at % (current.length + 1);
          return current.slice(0, index) + replacement + current.slice(index + (at % 2));
        }, text),
      );
    fc.assert(
      fc.property(mutated, (text) => {
        const result = scan(text);
        if (result.ok || result.reason === 'not_object') expect(parses(text)).toBe(true);
        else if (result.reason === 'not_json') expect(parses(text)).toBe(false);
      }),
      { numRuns: 20_000 },
    );
  });

  it('gives the members that JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 })), (value) => {
        const result = scan(JSON.stringify(value));
        if (Object.hasOwn(value, '__proto__')) return;
        expect(result.ok && result.members.map(({ name }) => name).sort()).toEqual(
          Object.keys(JSON.parse(JSON.stringify(value))).sort(),
        );
      }),
    );
  });
});
