import { statisticNamed } from '../../../alarms/evaluation/statistic';

/** Samples as a minute keeps them. */
function minute(...values: readonly number[]) {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return {
    count: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    min: Math.min(...values),
    max: Math.max(...values),
    values: counts,
  };
}

describe('A statistic over minutes', () => {
  const minutes = [minute(4, 8, 8), minute(1, 9)];

  it.each([
    ['SampleCount', 5],
    ['Sum', 30],
    ['Average', 6],
    ['Minimum', 1],
    ['Maximum', 9],
    ['p0', 1],
    ['p20', 1],
    ['p50', 8],
    ['p99', 9],
    ['p99.9', 9],
    ['p100', 9],
  ])('%s is %d', (name, expected) => {
    expect(statisticNamed(name)!(minutes)).toBe(expected);
  });

  it.each(['IQM', 'p101', 'P99', 'TM(5%:95%)', 'toString', ''])('"%s" is not known', (name) => {
    expect(statisticNamed(name)).toBeUndefined();
  });
});
