import {
  call,
  condition,
  constant,
  element,
  interpolation,
  type Mutation,
  member,
  moved,
  mutated,
  number,
  operator,
  property,
  returned,
  without,
  words,
} from './mutants/mutation';

const code = `import { limit, queue, send } from './elsewhere';
/** Größe – what is not ASCII does not shift what is changed. */
async function store(place: string, values: readonly number[]): Promise<string> {
  const sum = values.reduce((all, one) => all + one, 1_000);
  if (!place || sum > limit) return 'SET #a REMOVE #b';
  queue.last?.push({
    first: values[0],
    key: \`\${place}#\${sum}\`,
  });
  await send(place, sum as number);
  queue.count = sum;
  return (await queue.flush()) ? place : '';
}
class Shelf {
  store = (): number => 2_000;
}
`;

const changed = (mutation: Mutation, within = 'store'): string => mutated(code, within, [mutation]);

describe('A mutation', () => {
  it.each<[string, Mutation, string]>([
    ['a call', call('send', 'limit($2, $1)'), 'await limit(sum as number, place);'],
    ['a method', call('flush', '$0?.empty()'), "return (await queue?.empty()) ? place : '';"],
    ['an operator', operator('>', '$1 >= $2'), "if (!place || sum >= limit) return 'SET #a REMOVE #b';"],
    ['an operand', operator('||', '$2'), "if (sum > limit) return 'SET #a REMOVE #b';"],
    ['a condition', condition('if', 'false'), "if (false) return 'SET #a REMOVE #b';"],
    ['a choice', condition('choice', '!$&'), "return !(await queue.flush()) ? place : '';"],
    ['a member', member('count', '$0.length'), 'queue.length = sum;'],
    ['an element', element('$0.at(-1)'), 'first: values.at(-1),'],
    ['a property', property('first', 'limit'), 'first: limit,'],
    ['a template', interpolation('$2'), 'key: sum,'],
    ['a name', constant('limit', '7'), "if (!place || sum > 7) return 'SET #a REMOVE #b';"],
    ['a number', number(1_000, '3'), 'const sum = values.reduce((all, one) => all + one, 3);'],
    ['words', words(' REMOVE #b', ''), "if (!place || sum > limit) return 'SET #a';"],
    ['what is returned', returned('limit', [2, 2]), 'return limit;'],
    ['by another call', returned('$send.1', [1, 2]), 'if (!place || sum > limit) return place;'],
    ['a statement that calls', without('push'), '  undefined;\n  await send(place,'],
    ['a statement that assigns', without('count'), '  undefined;\n  return'],
  ])('changes %s', (_, mutation, expected) => {
    expect(code).not.toContain(expected);
    expect(changed(mutation)).toContain(expected);
  });

  it('moves a statement behind another, and behind what is returned', () => {
    expect(mutated(code, 'store', [moved('push', 'send')])).toMatch(/send\(.*\);; queue\.last\?\.push/);
    expect(mutated(code, 'store', [moved('send', 'flush')])).toMatch(
      /const returned = await \(.*flush.*\); if \(returned\) \{ await send\(.*\); \} return returned;/,
    );
  });

  it('does not care what variables are called, or how the code is laid out', () => {
    const other = code
      .replaceAll('sum', 'total')
      .replace('if (!place || total > limit)', 'if (!place ||\n total>limit)');
    expect(mutated(other, 'store', [operator('>', '$1 < $2')])).toContain('if (!place ||\n total < limit)');
  });

  it.each<[string, Mutation, string]>([
    ['what it changes is not there', call('receive', '1'), 'call of receive: is there 0 times; must be 1'],
    ['it is there more often', operator('!', '$1', [2, 2]), 'operator !: is there 1 times; must be 2'],
    ['it is there twice', returned('1'), 'return: is there 2 times; must be 1'],
    ['its new code has a name of nobody', call('send', 'sum'), 'sum: the module has no sum'],
    ['its new code has a field of nobody', call('send', 'this.sum'), 'this.sum: the module has no this.sum'],
    ['its new code has a part of nobody', call('send', '$3'), 'call of send: has no part 3'],
    ['types alone have it', words('string', ''), 'text "string": is there 0 times; must be 1'],
  ])('fails if %s', (_, mutation, message) => {
    expect(() => changed(mutation)).toThrow(message);
  });

  it('fails if there is no such function, and finds the method of a class', () => {
    expect(() => changed(number(2_000, '1'), 'keep')).toThrow('keep is not defined');
    expect(changed(number(2_000, '1'), 'Shelf.store')).toContain('store = (): number => 1;');
  });
});
