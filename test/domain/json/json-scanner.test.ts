import fc from 'fast-check';
import { maxDepth, ObjectScanner, type ScanFault } from '../../../domain/json/json-scanner';
import { scanObject } from '../../support/plain-json-scanner';

type Scan =
  | { readonly ok: true; readonly values: Readonly<Record<string, string>>; readonly end: number }
  | { readonly ok: false; readonly reason: ScanFault };

/** What the scanner says of a text, which stands between other bytes, and what it finds under some names. */
function scan(text: string, names: readonly string[] = []): Scan {
  const scanner = new ObjectScanner(names);
  const bytes = Buffer.from(text);
  // Twice, because the second time the names are known.
  scanner.scan(bytes);
  const reason = scanner.scan(bytes);
  if (reason) return { ok: false, reason };
  const found = names.flatMap((name, index) => {
    const [from, to] = scanner.places.slice(2 * index);
    return from! < 0 ? [] : [[name, bytes.toString('utf8', from, to)]];
  });
  return { ok: true, values: Object.fromEntries(found), end: scanner.closingBrace };
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
  it('finds members of the outermost object by name, and says where their values stand', () => {
    const text = ' {"a":1,"b":"x","c":{"d":[]},"e":[{}], "f" : null, "\\u0067":true }';
    const result = scan(text, ['g', 'f', 'e', 'd', 'c', 'b', 'a', 'h']);
    expect(result).toEqual({
      ok: true,
      values: { a: '1', b: '"x"', c: '{"d":[]}', e: '[{}]', f: 'null', g: 'true' },
      end: text.length - 1,
    });
  });

  it('says whether there are bytes beyond ASCII', () => {
    const scanner = new ObjectScanner(['a']);
    const isAscii = (text: string) => {
      expect(scanner.scan(Buffer.from(text))).toBeUndefined();
      return scanner.isAscii;
    };
    for (const _ of ['when names are new', 'when they are known']) {
      expect(isAscii('{"a":"\\u00e9", "b":1}')).toBe(true);
      expect(isAscii('{"ä":1,"b":"x"}')).toBe(false);
      expect(isAscii('{"a":{"b":["é"]}}')).toBe(false);
    }
  });

  it.each([
    ['{"a":1,"a":2}', 'duplicate_key'],
    ['{"a":1,"\\u0061":2}', 'duplicate_key'],
    ['{"x":{"b":1,"b":2}}', 'duplicate_key'],
    ['{"page":1,"Page":2}', 'duplicate_key'],
    ['{"größe":1,"x":0,"GRÖßE":2}', 'duplicate_key'],
    ['{"a":1,"\\u0041":2}', 'duplicate_key'],
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
    expect(scanObject(Buffer.from(text))).toEqual({ ok: false, reason });
  });

  it('tells names within nested values apart by their case, which are nobody’s columns', () => {
    expect(scan('{"o":{"page":1,"Page":2},"l":[{"a":1,"A":2}]}').ok).toBe(true);
  });

  it('finds some names in the case in which they are asked for, and others in any', () => {
    const scanner = new ObjectScanner(['page'], ['arrivedAt']);
    const places = (text: string) => {
      const bytes = Buffer.from(text);
      expect(scanner.scan(bytes)).toBeUndefined();
      return scanner.places.filter((_, index) => index % 2 === 0);
    };
    for (const _ of ['when names are new', 'when they are known']) {
      expect(places('{"Page":1,"ARRIVEDAT":2}')).toEqual([-1, 22]);
      expect(places('{"page":1,"o":{"arrivedat":2}}')).toEqual([8, -1]);
    }
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

  it('finds the members that JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 })), (value) => {
        const text = JSON.stringify(value);
        if (text.includes('__proto__')) return;
        const result = scan(text, Object.keys(value));
        const values = result.ok ? Object.entries(result.values) : [];
        expect(Object.fromEntries(values.map(([name, json]) => [name, JSON.parse(json)]))).toEqual(
          JSON.parse(text),
        );
      }),
    );
  });

  it('tells objects apart however many shapes they have, and names however many', () => {
    const scanner = new ObjectScanner(['last']);
    const fault = (text: string) => {
      const bytes = Buffer.from(text);
      return scanner.scan(bytes);
    };
    for (let shape = 0; shape < 700; shape++) {
      const members = Array.from(
        { length: shape % 90 },
        (_, index) => `"n${(shape * index) % 1_009}x${index}":0`,
      );
      const long = `"${'n'.repeat(shape % 200)}":0`;
      const text = [...members, long, '"last":1'].join(',');
      expect(fault(`{${text}}`)).toBeUndefined();
      expect(scanner.places[0]).toBe(text.length);
      const again = [...members, long][shape % (members.length + 1)];
      expect(fault(`{${text},${again}}`)).toBe('duplicate_key');
      expect(fault(`{${text},"__proto__":1}`)).toBe('forbidden_key');
    }
  });
});
