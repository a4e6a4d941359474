import fc from 'fast-check';
import { seededRandom } from '../../../domain/numbers/random';
import { compileTemplate } from '../../../producer/sources/template';
import { formatDate } from '../../../producer/sources/template-dates';
import { placeholders } from '../../../producer/sources/template-placeholders';

const at = Date.parse('2026-02-03T14:05:06.078Z');

function compile(text: string, keyField?: string) {
  const reading = compileTemplate(text, keyField);
  if (!reading.ok) throw new Error(reading.problem);
  return (seed = 's') => {
    const { data, partitionKey } = reading.template(seededRandom(seed), at);
    return { text: Buffer.from(data).toString(), partitionKey };
  };
}

const make = (text: string, seed?: string): unknown => JSON.parse(compile(text)(seed).text);
const values = (placeholder: string, count = 500) => {
  const template = compile(`{"value":${placeholder}}`);
  return Array.from({ length: count }, (_, i) => JSON.parse(template(String(i)).text).value);
};
const distinct = (of: readonly unknown[]) => [...new Set(of)].sort();

/** As the Kinesis Data Generator's users write them: line breaks, blanks, quotes within quotes. */
const fromTheGenerator = `
{
    "uuid": "{{random.uuid}}",
    "device_ts": "{{date.utc("YYYY-MM-DD HH:mm:ss.SSS")}}",
    "device_id": {{random.number(50)}},
    "temperature": {{random.weightedArrayElement(
      {"weights":[0.30, 0.30, 0.40],"data":[32, 34, 28]}
    )}},
    "activity": {{random.weightedArrayElement({
        "weights": [0.5, 0.5],
        "data": ["\\"Running\\"", "\\"Walk ing\\""]
    })}},
    "range": {{random.number({"min":10, "max":12})}},
    "status": "{{random.arrayElement(["OK","FAIL )}} "])}}",
    "from":  "ip {{ internet.ip }}: \\"{{name.firstName}}\\""
}`;

describe('a template', () => {
  it('of the Kinesis Data Generator makes one line of JSON', () => {
    const { text } = compile(fromTheGenerator)();

    expect(text).not.toMatch(/\n|": /);
    expect(JSON.parse(text)).toEqual({
      uuid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      device_ts: '2026-02-03 14:05:06.078',
      device_id: expect.any(Number),
      temperature: expect.any(Number),
      activity: expect.stringMatching(/^(Running|Walk ing)$/),
      range: expect.any(Number),
      status: expect.stringMatching(/^(OK|FAIL \)\}\} )$/),
      from: expect.stringMatching(/^ip \d+\.\d+\.\d+\.\d+: "[A-Z][a-z]+"$/),
    });
  });

  it('makes the same bytes from the same random numbers, and others from others', () => {
    const template = compile(fromTheGenerator);

    expect(template('one')).toEqual(template('one'));
    expect(template('one')).not.toEqual(template('two'));
  });

  it('may have any shape', () => {
    expect(make('[1, {{random.boolean}}, {"a": {"b": "x y"}}]')).toEqual([
      1,
      expect.any(Boolean),
      { a: { b: 'x y' } },
    ]);
    expect(make('{"a":{"b":{{random.number(0)}}}}')).toEqual({ a: { b: 0 } });
    expect(make('"only {{date.utc("YYYY")}}"')).toBe('only 2026');
  });

  it('draws numbers with both ends, and with decimals if asked to', () => {
    expect(distinct(values('{{random.number({"min":1,"max":3})}}'))).toEqual([1, 2, 3]);
    expect(distinct(values('{{random.number(2)}}'))).toEqual([0, 1, 2]);
    expect(distinct(values('{{random.number({"min":-1,"max":-0.5,"precision":0.25})}}'))).toEqual([
      -0.5, -0.75, -1,
    ]);
    expect(values('{{random.number}}').every((value) => value >= 0 && value <= 99_999)).toBe(true);
    expect(values('{{random.float({"max":1})}}').every((value) => /^[01](\.\d\d?)?$/.test(`${value}`))).toBe(
      true,
    );
  });

  it('weighs', () => {
    const drawn = values('"{{random.weightedArrayElement({"weights":[9,0,1],"data":["a","b","c"]})}}"', 1000);

    expect(distinct(drawn)).toEqual(['a', 'c']);
    expect(drawn.filter((value) => value === 'c').length).toBeLessThan(200);
  });

  it('puts in what is no text as JSON', () => {
    expect(make('{"a":{{random.arrayElement([{"b":null}])}}}')).toEqual({ a: { b: null } });
    expect(make('{"a":"{{random.arrayElement([[1,"x"]])}}"}')).toEqual({ a: '[1,"x"]' });
  });

  it.each(Object.keys(placeholders))('knows {{%s}} in each way of writing it', (name) => {
    for (const usage of placeholders[name]!.usage) {
      const written = usage.replace('(max)', '(7)').replace('(length)', '(5)');
      expect(make(`{"value":"{{${written}}}"}`)).toEqual({ value: expect.stringMatching(/./) });
    }
  });

  it('is keyed by its visitor, by the member asked for, or by its hash', () => {
    const text = '{"visitorId":"v{{random.number(9)}}","device":{{random.number(9)}}}';

    expect(compile(text)().partitionKey).toMatch(/^v\d$/);
    expect(compile(text, 'device')().partitionKey).toMatch(/^\d$/);
    expect(compile('{"device":1}')().partitionKey).toMatch(/^[0-9a-f]{64}$/);
    expect(compile('[1]')().partitionKey).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    [
      '{"a":"{{random.uuidd}}"}',
      /^\{\{random\.uuidd\}\} is not known; allowed: random\.uuid, .*, date\.now, .*internet\.ip/,
    ],
    ['{"a":"{{constructor}}"}', /^\{\{constructor\}\} is not known; allowed: /],
    [
      '{"a":{{random.number("1")}}}',
      /^\{\{random\.number\("1"\)\}\}\} is not how to write it; allowed: random\.number, random\.number\(max\)/,
    ],
    ['{"a":{{random.number({"min":2,"max":1})}}}', 'is not how to write it'],
    ['{"a":{{random.number({"maximum":1})}}}', 'is not how to write it'],
    ['{"a":{{random.arrayElement([])}}}', 'is not how to write it; allowed: random.arrayElement(["a","b"])'],
    ['{"a":"{{random.weightedArrayElement({"weights":[1],"data":["a","b"]})}}"}', 'is not how to write it'],
    ['{"a":"{{random.weightedArrayElement({"weights":[0],"data":["a"]})}}"}', 'is not how to write it'],
    ['{"a":"{{random.uuid(1)}}"}', 'is not how to write it; allowed: random.uuid'],
    [
      '{"a":"{{date.now(\'YYYY\')}}"}',
      'has arguments that are not JSON: texts and names stand in double quotes',
    ],
    ['{"a":"{{random.number(5"}', 'does not end with }}'],
    ['{"a":"{{random.uuid }"}', 'does not end with }}'],
    ['{"a":"{{}}"}', '{{}}"} is no placeholder; allowed: {{name}} or {{name(arguments)}}'],
    ['{"a":{{random.uuid}}}', 'a placeholder for a text stands in double quotes'],
    ['{{name.firstName}},{{random.number(70)}}', 'what it makes is not JSON'],
    ['', 'what it makes is not JSON'],
  ])('%s is refused', (text, problem) => {
    const reading = compileTemplate(text);

    expect(reading.ok).toBe(false);
    if (!reading.ok) expect(reading.problem).toMatch(problem);
  });

  it('that lacks the member to be keyed by is refused', () => {
    expect(compileTemplate('{"a":null}', 'a')).toEqual({
      ok: false,
      problem: '--partition-key is "a", and what it makes has no such member with a text or number',
    });
  });

  it('puts any text of a list into a JSON text unharmed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\u0000', '{{', ')', 'é', 'a') }),
        (text) => {
          expect(make(`{"a":"-{{random.arrayElement(${JSON.stringify([text])})}}-"}`)).toEqual({
            a: `-${text}-`,
          });
        },
      ),
    );
  });

  it('is read or refused with a reason, whatever the text is', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '{{',
      '}}',
      '"',
      '\\',
      '(',
      ')',
      '[',
      ',',
      ':',
      ' ',
      'random.number',
      '1',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const reading = compileTemplate(pieces.join(''));
        if (!reading.ok) expect(reading.problem).not.toBe('');
        else expect(() => reading.template(seededRandom('x'), at)).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a date', () => {
  it.each([
    ['DD/MMM/YYYY:HH:mm:ss ZZ', '03/Feb/2026:14:05:06 +0000'],
    ['dddd, MMMM Do YYYY, h:mm:ss a', 'Tuesday, February 3rd 2026, 2:05:06 pm'],
    ['ddd, hA', 'Tue, 2PM'],
    ['YYYY-MM-DD[T]HH:mm:ss.SSSZ', '2026-02-03T14:05:06.078+00:00'],
    ['M/D/YY H hh m s', '2/3/26 14 02 5 6'],
    ['X x', '1770127506 1770127506078'],
  ])('in the format %s', (format, text) => {
    expect(formatDate(at, format)).toBe(text);
  });

  it.each([
    [1, '1st'],
    [2, '2nd'],
    [11, '11th'],
    [13, '13th'],
    [22, '22nd'],
    [30, '30th'],
  ])('counts its days: %i', (day, text) => {
    expect(formatDate(Date.UTC(2026, 0, day), 'Do')).toBe(text);
  });
});

describe('a date in a template', () => {
  const made = (format: string, at = Date.UTC(2026, 10, 28, 5, 6, 7, 89)) => {
    const reading = compileTemplate(JSON.stringify({ made: '@' }).replace('@', `{{date.utc("${format}")}}`));
    if (!reading.ok) return reading.problem;
    return (
      JSON.parse(Buffer.from(reading.template(seededRandom('s'), at).data).toString()) as { made: string }
    ).made;
  };

  it.each([
    ['YYYY-MM-DDTHH:mm:ss.SZ', '2026-11-28T05:06:07.0+00:00'],
    ['SS SSS SSSS SSSSSS', '08 089 0890 089000'],
    ['DDD DDDD DDDo', '332 332 332nd'],
    ['Q Qo', '4 4th'],
    ['d do dd E', '6 6th Sa 6'],
    ['Mo Y', '11th 2026'],
    ['[Week] Do', 'Week 28th'],
  ])('has what moment means by %s', (format, text) => {
    expect(made(format)).toBe(text);
  });

  it('counts the days of a year from 1', () => {
    expect([Date.UTC(2028, 0, 1), Date.UTC(2028, 11, 31, 23)].map((at) => made('DDDD', at))).toEqual([
      '001',
      '366',
    ]);
  });

  it.each(['WW', 'gggg', 'LT', 'YYYYY', 'z', 'kk', 'ww', 'N'])(
    'is refused by name for the token %s',
    (format) => {
      const token = format === 'LT' ? 'L' : format;
      expect(made(`YYYY ${format}`)).toContain(`its format has the token ${token}, which is not made here`);
    },
  );
});
