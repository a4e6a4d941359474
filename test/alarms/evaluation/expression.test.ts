import fc from 'fast-check';
import { parseExpression, UnknownExpression } from '../../../alarms/evaluation/expression';

const ids = new Set(['errors', 'invocations', 'm1']);
const valueAt = (text: string, values: Readonly<Record<string, number>> = {}) =>
  parseExpression(text, ids)((id) => values[id]);

describe('An expression', () => {
  it.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['8 - 3 - 2', 3],
    ['16 / 4 / 2', 2],
    ['-2 * -3', 6],
    ['1 < 2', 1],
    ['2 <= 1', 0],
    ['3 == 3 && 1 != 1', 0],
    ['0 || 2 > 1', 1],
    ['1 > 0 AND 0 OR 1', 1],
    ['IF(2 > 1, 5, 6)', 5],
    ['IF(0, 5, 6)', 6],
    ['FILL(m1, 0.5) + 1', 1.5],
  ])('%s is %d', (text, expected) => {
    expect(valueAt(text)).toBe(expected);
  });

  it('gives a share, and none where nothing was invoked', () => {
    const share = 'IF(invocations>0,100*errors/invocations,0)';
    expect(valueAt(share, { errors: 3, invocations: 60 })).toBe(5);
    expect(valueAt(share, { errors: 0, invocations: 0 })).toBe(0);
    expect(valueAt(share, { invocations: 60 })).toBeUndefined();
    expect(valueAt(share, { errors: 3 })).toBeUndefined();
  });

  it('has no value where it would divide by zero', () => {
    expect(valueAt('errors / invocations', { errors: 0, invocations: 0 })).toBeUndefined();
  });

  it('of whole numbers is what JavaScript makes of it', () => {
    const number = fc.integer({ min: 0, max: 99 }).map(String);
    const operation = fc.constantFrom('+', '-', '*', '/', '<', '>=');
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 4 },
        number,
        fc.tuple(tie('expression'), operation, tie('expression')).map((parts) => `(${parts.join(' ')})`),
      ),
    }));
    fc.assert(
      fc.property(expression, (text) => {
        const expected = Number(new Function(`return ${text}`)());
        // Zero divided by, somewhere inside, makes the whole missing here.
        const found = valueAt(text);
        if (found !== undefined) expect(found).toBeCloseTo(expected, 6);
        else expect(text).toContain('/');
      }),
    );
  });

  it.each([
    [
      'ANOMALY_DETECTION_BAND(m1, 2)',
      'calls ANOMALY_DETECTION_BAND with 2 arguments; known are IF/3, FILL/2',
    ],
    ['IF(m1, 1)', 'calls IF with 2 arguments'],
    ['m2 + 1', 'names "m2", which is no metric of it; it has errors, invocations, m1'],
    ['1 + ', 'names its end'],
    ['(1', 'has its end where ")" is expected'],
    ['1 2', 'has "2" behind its end'],
    ['m1 ^ 2', 'has "^"'],
    ['SEARCH("x")', 'has """'],
  ])('%s is refused by name', (text, reason) => {
    expect(() => parseExpression(text, ids)).toThrow(UnknownExpression);
    expect(() => parseExpression(text, ids)).toThrow(reason);
  });
});
