import { createRequire } from 'node:module';
import * as fc from 'fast-check';
import { type ExpressionParser, linear } from '../../emulators/linear-expressions';

/** As dynalite has them: nothing here has made them linear. */
const own = (name: string) => createRequire(require.resolve('dynalite'))(`./db/${name}`) as ExpressionParser;

/** What dynalite gives a parser to resolve names and values with; parsers write into it. */
function context() {
  return {
    attrNames: { '#n': 'size', '#o': 'other' },
    attrVals: { ':one': { N: '1' }, ':two': { N: '2' }, ':text': { S: 'text' }, ':list': { L: [] } },
    unusedAttrNames: { '#n': true, '#o': true },
    unusedAttrVals: { ':one': true, ':two': true, ':text': true, ':list': true },
    isReserved: (name: string) => ['size', 'name'].includes(name.toLowerCase()),
    compare: (_operator: string, x: { N?: string }, y: { N?: string }) => Number(x.N) > Number(y.N),
  };
}

function outcome(parser: Pick<ExpressionParser, 'parse'>, expression: string) {
  const given = context();
  try {
    const parsed = parser.parse(expression, { context: given });
    return { parsed, given: JSON.stringify(given) };
  } catch (error) {
    const { name, message } = error as Error;
    return { name, message };
  }
}

const path = fc.constantFrom('a', 'a.b', 'a[0]', 'a[1].b', '#n', 'a.#n', '#o', '#missing', 'name', 'b');
const value = fc.constantFrom(':one', ':two', ':text', ':list', ':missing');
const spaced = (...parts: readonly fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((texts) => texts.join(' '));
const bracketed = (inner: fc.Arbitrary<string>) => inner.map((text) => `(${text})`);

const { operand, condition } = fc.letrec<{ operand: string; condition: string }>((tie) => ({
  operand: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    path,
    value,
    path.map((text) => `size(${text})`),
    bracketed(tie('operand')),
    fc.tuple(path, tie('operand')).map(([name, text]) => `begins_with(${name}, ${text})`),
  ),
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    spaced(tie('operand'), fc.constantFrom('=', '<>', '<', '>=', 'LIKE'), tie('operand')),
    spaced(tie('operand'), fc.constant('BETWEEN'), value, fc.constant('AND'), value),
    fc.tuple(path, value, value).map(([name, x, y]) => `${name} in (${x}, ${y})`),
    path.map((text) => `attribute_exists(${text})`),
    spaced(tie('condition'), fc.constantFrom('AND', 'or'), tie('condition')),
    spaced(fc.constant('NOT'), tie('condition')),
    bracketed(tie('condition')),
  ),
}));

const change = fc.oneof(
  fc.tuple(path, operand, operand).map(([name, x, y]) => `SET ${name} = ${x} + ${y}`),
  fc
    .tuple(path, path, value)
    .map(([name, other, x]) => `SET ${name} = if_not_exists(${other}, ${x}), b = ${x}`),
  fc.tuple(path, path).map(([x, y]) => `REMOVE ${x}, ${y}`),
  fc.tuple(path, value).map(([name, x]) => `ADD ${name} ${x} DELETE b ${x}`),
);
const projection = fc.array(path, { minLength: 1, maxLength: 4 }).map((paths) => paths.join(', '));

/** Takes something out of a text, or puts something into it. */
const damaged = (texts: fc.Arbitrary<string>) =>
  fc
    .tuple(texts, fc.nat(), fc.nat(3), fc.constantFrom('', '(', ')', ' AND ', '=', '#', ':', '[', '.', ','))
    .map(([text, at, removed, added]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + added + text.slice(place + removed);
    });

describe('the parsers of expressions', () => {
  it.each([
    ['conditionParser', condition],
    ['updateParser', change],
    ['projectionParser', projection],
  ] as const)('say what dynalite’s own %s says, of good and of bad ones', (name, texts) => {
    const [ours, theirs] = [linear(name), own(name)];
    fc.assert(
      fc.property(fc.oneof(texts, damaged(texts)), (text) => {
        expect(outcome(ours, text)).toEqual(outcome(theirs, text));
      }),
      // A path that two rules take, each of which puts the name in the place of `#n`.
      { numRuns: 500, examples: [['((#n) BETWEEN :one AND :one)']] },
    );
  });

  const nested = (times: number, before: string, middle: string, after: string) =>
    before.repeat(times) + middle + after.repeat(times);
  it.each([
    ['brackets that never end', 'conditionParser', '('.repeat(50)],
    ['brackets in brackets', 'conditionParser', nested(50, '(', 'a = :one', ')')],
    ['conditions in conditions', 'conditionParser', nested(50, 'b = :one AND (', 'a = :one', ')')],
    ['denials of denials', 'conditionParser', nested(50, 'NOT (', 'a = :one', ')')],
    ['functions in functions', 'conditionParser', nested(49, 'size(', 'a', ')')],
    ['many of all', 'conditionParser', `${`${nested(50, '(', 'a=:one', ')')} AND `.repeat(36)}a=:one`],
    ['a list of brackets', 'conditionParser', '()'.repeat(2000)],
    ['lists in lists', 'updateParser', `SET a = ${nested(50, 'list_append(', ':list', ', :list)')}`],
    ['brackets in a value', 'updateParser', `SET a = ${'('.repeat(50)}`],
    ['a long path', 'updateParser', `REMOVE a${'[0]'.repeat(1300)}`],
    ['a long projection', 'projectionParser', 'a.'.repeat(2000)],
  ])('take no time for %s', (_what, name, expression) => {
    const parser = linear(name);
    const begun = performance.now();
    outcome(parser, expression);
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  it('refuse more than 4,096 bytes, as AWS does, and more than 50 levels of brackets', () => {
    const { parse } = linear('conditionParser');
    const ofBytes = (bytes: number) => `${'é'.repeat((bytes - 7) / 2)} = :one`;
    expect(() => parse(ofBytes(4095), { context: context() })).toThrow('Expected');
    expect(() => parse(ofBytes(4097), { context: context() })).toThrow(
      'Expression size has exceeded the maximum allowed size; expression size: 4097',
    );
    expect(() => parse('('.repeat(51), { context: context() })).toThrow('more than 50 levels of nesting');
  });

  it('are not made of a parser that is another than expected', () => {
    expect(() => linear('index')).toThrow("dynalite's index is not as PEG.js 0.10 makes it");
  });
});
