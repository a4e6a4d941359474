import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

/** What gives an expression's placeholders their meaning. */
export interface Expression {
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

/** A copy that shares nothing with what the caller may go on to change. */
export function copyOf(item: Item): Item {
  const copy = { ...item };
  for (const name in copy) {
    const bytes = copy[name]?.B;
    if (bytes) copy[name] = { B: Uint8Array.from(bytes) };
  }
  return copy;
}

/** What a placeholder stands for; throws, as DynamoDB refuses, where nothing is defined. */
export function placeholders(input: Expression) {
  const known = <T>(map: Record<string, T> | undefined, placeholder: string | undefined): T => {
    const found = map?.[placeholder ?? ''];
    if (found === undefined) throw new Error(`placeholder ${placeholder} is not defined`);
    return found;
  };
  return {
    names: (placeholder: string | undefined) => known(input.ExpressionAttributeNames, placeholder),
    values: (placeholder: string | undefined) => known(input.ExpressionAttributeValues, placeholder),
  };
}

/**
 * Whether a condition, or a key condition, holds for an item: comparisons, BETWEEN, begins_with, attribute_exists,
 * attribute_not_exists, NOT, AND, OR and parentheses, over placeholders. Anything else throws.
 */
export function satisfies(condition: string | undefined, input: Expression, item: Item): boolean {
  if (condition === undefined) return true;
  const test = compiled.get(condition) ?? compile(condition);
  compiled.set(condition, test);
  return test({ ...placeholders(input), item });
}

interface Scope extends ReturnType<typeof placeholders> {
  readonly item: Item;
}

type Test = (scope: Scope) => boolean;

/** Few texts come again and again. */
const compiled = new Map<string, Test>();

function compile(condition: string): Test {
  const tokens = condition.match(/[#:][\w]+|<>|<=|>=|[=<>(),]|\w+/g) ?? [];
  let at = 0;
  const next = (): string => tokens[at++] ?? '';
  const take = (token: string): boolean => {
    if (tokens[at] !== token) return false;
    at++;
    return true;
  };
  const expect = (token: string): void => {
    if (!take(token))
      throw new Error(`"${condition}": ${token} expected before "${tokens[at] ?? 'its end'}"`);
  };
  // Every side is evaluated, whatever the other says: what is wrong in it must show.
  const either = (): Test => {
    const sides = [both()];
    while (take('OR')) sides.push(both());
    return (scope) => sides.map((side) => side(scope)).some(Boolean);
  };
  const both = (): Test => {
    const sides = [single()];
    while (take('AND')) sides.push(single());
    return (scope) => sides.map((side) => side(scope)).every(Boolean);
  };
  const single = (): Test => {
    if (take('NOT')) {
      const inner = single();
      return (scope) => !inner(scope);
    }
    if (take('(')) {
      const inner = either();
      expect(')');
      return inner;
    }
    return tokens[at]?.startsWith('#') ? comparison() : call();
  };
  const call = (): Test => {
    const name = next();
    expect('(');
    const attribute = next();
    const prefix = name === 'begins_with' && take(',') ? next() : undefined;
    expect(')');
    const held = ({ item, names }: Scope) => item[names(attribute)];
    if (name === 'attribute_exists') return (scope) => held(scope) !== undefined;
    if (name === 'attribute_not_exists') return (scope) => held(scope) === undefined;
    if (prefix === undefined) throw new Error(`"${condition}": ${name} is not known`);
    return (scope) => held(scope)?.S?.startsWith(scope.values(prefix).S ?? '') ?? false;
  };
  const comparison = (): Test => {
    const attribute = next();
    const operator = next();
    const right = next();
    const held = ({ item, names }: Scope) => item[names(attribute)];
    if (operator !== 'BETWEEN') return (scope) => compares(held(scope), operator, scope.values(right));
    expect('AND');
    const upper = next();
    return (scope) =>
      compares(held(scope), '>=', scope.values(right)) && compares(held(scope), '<=', scope.values(upper));
  };

  const test = either();
  if (at < tokens.length) throw new Error(`"${condition}": "${tokens[at]}" is one too many`);
  return test;
}

/** An attribute that is not there, or is of another type, compares with nothing. */
function compares(held: AttributeValue | undefined, operator: string, value: AttributeValue): boolean {
  const [left, right] = [comparable(held), comparable(value)];
  if (left === undefined || right === undefined || typeof left !== typeof right) return operator === '<>';
  switch (operator) {
    case '=':
      return left === right;
    case '<>':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      throw new Error(`operator ${operator} is not known`);
  }
}

/** Text and bytes with the order of their bytes, as DynamoDB compares, the two apart from each other. */
function comparable(value: AttributeValue | undefined): string | number | undefined {
  if (value?.N !== undefined) return Number(value.N);
  if (value?.S !== undefined) return `s${bytesOf(value.S)}`;
  if (value?.B !== undefined) return `b${Buffer.from(value.B).toString('latin1')}`;
  return undefined;
}

/** The order of two texts by their bytes of UTF-8. */
export function compareBytes(a: string, b: string): number {
  const [left, right] = [bytesOf(a), bytesOf(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The bytes of a text, a character each; of plain ASCII, as keys are, the text itself. */
function bytesOf(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the first of them are control characters
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text).toString('latin1');
}
