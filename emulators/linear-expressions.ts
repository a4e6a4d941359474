import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';

/** One of dynalite's parsers of expressions, as it is or made linear. */
export interface ExpressionParser {
  readonly SyntaxError: new (message: string) => Error;
  parse(expression: string, options: object): unknown;
}

/** What AWS takes, in bytes. */
const longestExpression = 4096;
/** Of brackets in brackets: far more than anybody writes, and far less than what fills the stack. */
const mostNested = 50;

const fromDynalite = createRequire(require.resolve('dynalite'));

/** The end of what PEG.js has generated: here all rules are defined, and none has run. */
const begin = 'peg$result = peg$startRuleFunction();';
const rule = /^ {2}function (peg\$parse[A-Za-z]\w*)\(\)/gm;

/**
 * Lets dynalite's parsers take the time of one look at each place. They were generated without a memory: what stands in a
 * bracket is parsed again for each rule that may begin with one, four times as long for each bracket, and ten of them
 * took all of the process's time and memory. With one, a rule is tried once at each place (PEG.js's own option `cache`).
 * To be called before dynalite is loaded.
 */
export function parseInLinearTime(): void {
  for (const name of ['conditionParser', 'updateParser', 'projectionParser']) {
    const parser = fromDynalite(`./db/${name}`) as ExpressionParser;
    parser.parse = linear(name).parse;
  }
}

/** The parser as dynalite has it, with a memory, and with AWS's bound on the length of an expression. */
export function linear(name: string): ExpressionParser {
  const source = readFileSync(fromDynalite.resolve(`./db/${name}`), 'utf8');
  const rules = [...source.matchAll(rule)].map(([, parse]) => parse!);
  if (rules.length === 0 || source.split(begin).length !== 2) {
    throw new Error(`dynalite's ${name} is not as PEG.js 0.10 makes it: it cannot be made linear`);
  }
  const memories = rules.map((parse) => `${parse} = remembered(${parse});`).join('\n');
  const module = { exports: {} as ExpressionParser };
  compileFunction(
    source.replace(begin, () => `${remembered}\n${memories}\n${begin}`),
    ['module'],
  )(module);
  const parser = module.exports;
  return {
    SyntaxError: parser.SyntaxError,
    parse: (expression, options) => {
      const bytes = Buffer.byteLength(expression);
      if (bytes > longestExpression) {
        throw new Error(`Expression size has exceeded the maximum allowed size; expression size: ${bytes}`);
      }
      if (isNestedDeeper(expression, mostNested)) {
        throw new Error(`The expression has more than ${mostNested} levels of nesting;`);
      }
      return parser.parse(expression, options);
    },
  };
}

/**
 * Wraps a rule of a generated parser, inside of it. What was tried for a look ahead is not taken for what was expected
 * there: it is remembered apart, so that error messages stay the same. A path is given out as a copy, since what takes
 * it puts names in the place of `#name`.
 */
const remembered = `function remembered(parse) {
  const [heard, silent] = [new Map(), new Map()];
  return function () {
    const from = peg$currPos;
    const results = peg$silentFails === 0 ? heard : silent;
    const known = results.get(from);
    if (known) {
      peg$currPos = known.to;
      return copied(known.result);
    }
    const result = parse();
    results.set(from, { to: peg$currPos, result: copied(result) });
    return result;
  };
}
function copied(result) {
  return Array.isArray(result) ? result.slice() : result;
}`;

function isNestedDeeper(expression: string, most: number): boolean {
  let depth = 0;
  for (const character of expression) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (depth > most) return true;
  }
  return false;
}
