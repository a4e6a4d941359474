import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

/** What gives an expression's placeholders their meaning. */
export interface Expression {
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
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
  const { names, values } = placeholders(input);
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

  // Every side is read, whatever the other says: what is wrong in it must show.
  const either = (): boolean => {
    let holds = both();
    while (take('OR')) holds = both() || holds;
    return holds;
  };
  const both = (): boolean => {
    let holds = single();
    while (take('AND')) holds = single() && holds;
    return holds;
  };
  const single = (): boolean => {
    if (take('NOT')) return !single();
    if (take('(')) {
      const holds = either();
      expect(')');
      return holds;
    }
    return tokens[at]?.startsWith('#') ? comparison() : test();
  };
  const test = (): boolean => {
    const name = next();
    expect('(');
    const held = item[names(next())];
    if (name === 'begins_with') expect(',');
    const prefix = name === 'begins_with' ? values(next()).S : undefined;
    expect(')');
    if (name === 'attribute_exists') return held !== undefined;
    if (name === 'attribute_not_exists') return held === undefined;
    if (prefix !== undefined) return held?.S?.startsWith(prefix) ?? false;
    throw new Error(`"${condition}": ${name} is not known`);
  };
  const comparison = (): boolean => {
    const held = item[names(next())];
    const operator = next();
    const right = values(next());
    if (operator !== 'BETWEEN') return compares(held, operator, right);
    expect('AND');
    return compares(held, '>=', right) && compares(held, '<=', values(next()));
  };

  const holds = either();
  if (at < tokens.length) throw new Error(`"${condition}": "${tokens[at]}" is one too many`);
  return holds;
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

/** Text and bytes as hexadecimal digits, whose order is that of their bytes, as DynamoDB compares. */
function comparable(value: AttributeValue | undefined): string | number | undefined {
  if (value?.N !== undefined) return Number(value.N);
  if (value?.S !== undefined) return Buffer.from(value.S).toString('hex');
  if (value?.B !== undefined) return `b${Buffer.from(value.B).toString('hex')}`;
  return undefined;
}
