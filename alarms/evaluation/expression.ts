/** The value of an expression at one instant; undefined is missing. */
export type Expression = (values: (id: string) => number | undefined) => number | undefined;

/** An expression of metric math that is not understood. */
export class UnknownExpression extends Error {
  override readonly name = 'UnknownExpression';
}

const tokenPattern = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z]\w*)|(<=|>=|==|!=|&&|\|\||[-+*/<>(),]))/y;
const end = '';

type Operate = (left: number, right: number) => number;

/** Binary operators, those that bind least first. A comparison is 1 or 0. */
const levels: readonly Readonly<Record<string, Operate>>[] = [
  { '||': (a, b) => Number(a !== 0 || b !== 0), OR: (a, b) => Number(a !== 0 || b !== 0) },
  { '&&': (a, b) => Number(a !== 0 && b !== 0), AND: (a, b) => Number(a !== 0 && b !== 0) },
  {
    '<': (a, b) => Number(a < b),
    '>': (a, b) => Number(a > b),
    '<=': (a, b) => Number(a <= b),
    '>=': (a, b) => Number(a >= b),
    '==': (a, b) => Number(a === b),
    '!=': (a, b) => Number(a !== b),
  },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => a / b },
];

/** Functions, by name and number of arguments. */
const functions: Readonly<Record<string, (...args: Expression[]) => Expression>> = {
  'IF/3': (condition, whenTrue, whenFalse) => (values) => {
    const decided = condition!(values);
    return decided === undefined ? undefined : (decided !== 0 ? whenTrue! : whenFalse!)(values);
  },
  'FILL/2': (filled, filling) => (values) => filled!(values) ?? filling!(values),
};

/**
 * Reads metric math, as far as the pipeline's alarms use it: arithmetic, comparisons, `IF` and `FILL` (AWS docs: Using
 * math expressions with CloudWatch metrics). Where a metric has no value, what is made of it has none either, and neither
 * has a division by zero.
 *
 * @param ids of the metrics that it may name
 * @throws UnknownExpression that quotes what is not understood
 */
export function parseExpression(text: string, ids: ReadonlySet<string>): Expression {
  const tokens = tokenize(text);
  let at = 0;
  const fail = (what: string): never => {
    throw new UnknownExpression(`the expression "${text}" ${what}`);
  };
  const expect = (token: string): void => {
    if (tokens[at] !== token) fail(`has ${shown(tokens[at])} where ${shown(token)} is expected`);
    at++;
  };

  const binary = (level: number): Expression => {
    const operators = levels[level];
    if (!operators) return unary();
    let left = binary(level + 1);
    for (let name = tokens[at] ?? end; Object.hasOwn(operators, name); name = tokens[at] ?? end) {
      at++;
      left = combine(left, operators[name]!, binary(level + 1));
    }
    return left;
  };

  const unary = (): Expression => {
    if (tokens[at] !== '-') return primary();
    at++;
    return combine(
      () => 0,
      (a, b) => a - b,
      unary(),
    );
  };

  const primary = (): Expression => {
    const token = tokens[at++] ?? end;
    if (token === '(') {
      const inner = binary(0);
      expect(')');
      return inner;
    }
    if (/^\d/.test(token)) return () => Number(token);
    if (tokens[at] === '(') return call(token);
    if (ids.has(token)) return (values) => values(token);
    return fail(`names ${shown(token)}, which is no metric of it; it has ${[...ids].join(', ') || 'none'}`);
  };

  const call = (name: string): Expression => {
    expect('(');
    const args = [binary(0)];
    while (tokens[at] === ',') {
      at++;
      args.push(binary(0));
    }
    expect(')');
    const made = functions[`${name}/${args.length}`];
    if (!made) {
      const known = Object.keys(functions).join(', ');
      return fail(`calls ${name} with ${args.length} arguments; known are ${known}`);
    }
    return made(...args);
  };

  const parsed = binary(0);
  if (at < tokens.length) fail(`has ${shown(tokens[at])} behind its end`);
  return parsed;
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  const pattern = new RegExp(tokenPattern);
  while (text.slice(pattern.lastIndex).trim() !== '') {
    const start = pattern.lastIndex;
    const token = pattern.exec(text);
    if (!token) throw new UnknownExpression(`the expression "${text}" has "${text.slice(start).trim()[0]}"`);
    tokens.push(token[1] ?? token[2] ?? token[3]!);
  }
  return tokens;
}

function combine(left: Expression, operate: Operate, right: Expression): Expression {
  return (values) => {
    const [a, b] = [left(values), right(values)];
    if (a === undefined || b === undefined) return undefined;
    const result = operate(a, b);
    return Number.isFinite(result) ? result : undefined;
  };
}

const shown = (token: string | undefined): string => (token ? `"${token}"` : 'its end');
