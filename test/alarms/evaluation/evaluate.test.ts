import fc from 'fast-check';
import type { AlarmState } from '../../../alarms/alarm-status';
import { comparisons, type MissingData, missingDataTreatments } from '../../../alarms/evaluation/alarm';
import { rangeOf, stateOf } from '../../../alarms/evaluation/evaluate';

const threshold = 50;
const alarm = (evaluationPeriods: number, datapointsToAlarm: number, missingData: MissingData) => ({
  ...{ evaluationPeriods, datapointsToAlarm, missingData, threshold },
  comparison: 'GreaterThanThreshold' as const,
});

/** `0` does not breach, `X` breaches, `-` is missing; the latest is on the right. */
const pointsOf = (row: string): (number | undefined)[] =>
  row.split(' ').map((mark) => (mark === '-' ? undefined : mark === 'X' ? 51 : 50));

const states: readonly AlarmState[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];
const keep = 'the state so far';

/**
 * The examples of AWS, whose evaluation range is 5 for 3 periods.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
describe('An alarm with periods without data is as AWS documents it,', () => {
  const columns: readonly MissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
  const none = 'INSUFFICIENT_DATA';
  const threeOfThree: readonly (readonly [string, ...string[]])[] = [
    ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - -', none, keep, 'ALARM', 'OK'],
    ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['- - X - -', 'ALARM', keep, 'ALARM', 'OK'],
    // Avoiding premature transitions: what follows may be within the threshold.
    ['- - - X -', none, keep, 'ALARM', 'OK'],
    ['- - - - X', none, keep, 'ALARM', 'OK'],
    ['X - - - -', 'ALARM', keep, 'ALARM', 'OK'],
  ];
  const twoOfThree: readonly (readonly [string, ...string[]])[] = [
    ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - X -', 'ALARM', keep, 'ALARM', 'OK'],
    ['- - - - X', none, keep, 'ALARM', 'OK'],
  ];
  const examples = [
    ...threeOfThree.map((row) => [3, ...row] as const),
    ...twoOfThree.map((row) => [2, ...row] as const),
  ].flatMap(([m, row, ...expected]) =>
    columns.map((missingData, column) => [m, row, missingData, expected[column]!] as const),
  );

  it.each(examples)('%d of 3 on %s with %s: %s', (m, row, missingData, expected) => {
    for (const current of states) {
      const state = stateOf(alarm(3, m, missingData), pointsOf(row), current);
      expect(state).toBe(expected === keep ? current : expected);
    }
  });

  it('and looks at 5 periods where it evaluates 3', () => {
    expect(rangeOf({ evaluationPeriods: 3 })).toBe(5);
  });
});

describe('Whatever the data, an alarm', () => {
  const point = fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined });
  const anAlarm = fc
    .integer({ min: 1, max: 6 })
    .chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 1, max: n })))
    .chain(([n, m]) =>
      fc.record({
        alarm: fc.constantFrom(...missingDataTreatments).map((missing) => alarm(n, m, missing)),
        points: fc.array(point, { minLength: n + 2, maxLength: n + 2 }),
        current: fc.constantFrom(...states),
      }),
    );

  it('without gaps counts the breaches of its latest periods, and nothing else', () => {
    fc.assert(
      fc.property(
        anAlarm,
        fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 8, maxLength: 8 }),
        (one, all) => {
          const { evaluationPeriods: n, datapointsToAlarm: m } = one.alarm;
          const breaches = all.slice(-n).filter((value) => value > threshold).length;
          expect(stateOf(one.alarm, all, one.current)).toBe(breaches >= m ? 'ALARM' : 'OK');
        },
      ),
    );
  });

  it('is in ALARM with breaching if it is with anything, and OK with notBreaching if it is with anything', () => {
    fc.assert(
      fc.property(anAlarm, ({ alarm: any, points, current }) => {
        const by = (missingData: MissingData) => stateOf({ ...any, missingData }, points, current);
        if (by('missing') === 'ALARM') expect(by('breaching')).toBe('ALARM');
        if (by('missing') === 'OK') expect(by('notBreaching')).toBe('OK');
        if (by('notBreaching') === 'ALARM')
          expect(missingDataTreatments.map(by)).toEqual(Array(4).fill('ALARM'));
      }),
    );
  });

  it('does not look at how data is missing if there is enough of it', () => {
    fc.assert(
      fc.property(anAlarm, ({ alarm: any, points, current }) => {
        fc.pre(points.filter((value) => value !== undefined).length >= any.evaluationPeriods);
        const all = missingDataTreatments.map((missingData) =>
          stateOf({ ...any, missingData }, points, current),
        );
        expect(new Set(all).size).toBe(1);
      }),
    );
  });

  it('keeps its state with ignore, or knows better by real data', () => {
    fc.assert(
      fc.property(anAlarm, ({ alarm: any, points, current }) => {
        const state = stateOf({ ...any, missingData: 'ignore' }, points, current);
        if (points.every((value) => value === undefined)) expect(state).toBe(current);
        if (state === 'INSUFFICIENT_DATA') expect(current).toBe(state);
      }),
    );
  });
});

describe('A comparison', () => {
  it.each([
    ['GreaterThanThreshold', [false, false, true]],
    ['GreaterThanOrEqualToThreshold', [false, true, true]],
    ['LessThanThreshold', [true, false, false]],
    ['LessThanOrEqualToThreshold', [true, true, false]],
  ] as const)('%s holds below, at and above the threshold: %j', (name, expected) => {
    expect([6, 7, 8].map((value) => comparisons[name](value, 7))).toEqual(expected);
  });
});
