import { createMetricStore } from '../../../local/metrics/metric-store';

const metric = { namespace: 'N', name: 'Duration', dimensions: { a: '1', b: '2' } };
const minute = 60_000;

function store(keepMs = 60 * minute) {
  const clock = { now: 100 * minute };
  return { clock, metrics: createMetricStore(() => clock.now, keepMs) };
}

describe('The metrics of the laptop', () => {
  it('are kept by minute: how many, their sum, the least, the most, and each value', () => {
    const { clock, metrics } = store();
    metrics.record(metric, 5);
    metrics.record(metric, 9, { count: 3 });
    clock.now += minute;
    metrics.record(metric, 2);
    expect(metrics.samples(metric, 100 * minute, 101 * minute)).toEqual([
      {
        count: 4,
        sum: 32,
        min: 5,
        max: 9,
        values: new Map([
          [5, 1],
          [9, 3],
        ]),
      },
    ]);
    expect(metrics.samples(metric, 100 * minute, 102 * minute)).toHaveLength(2);
    expect(metrics.samples(metric, 90 * minute, 100 * minute)).toEqual([]);
  });

  it('belong to the minute in which they were measured', () => {
    const { metrics } = store();
    metrics.record(metric, 5, { at: 98 * minute + 59_999 });
    expect(metrics.samples(metric, 98 * minute, 99 * minute)).toHaveLength(1);
  });

  it('are one series whatever the order of the dimensions, and another with other dimensions', () => {
    const { metrics } = store();
    metrics.record({ ...metric, dimensions: { b: '2', a: '1' } }, 5);
    const found = (dimensions: Record<string, string>) =>
      metrics.samples({ ...metric, dimensions }, 100 * minute, 101 * minute).length;
    expect(found({ a: '1', b: '2' })).toBe(1);
    expect(found({ a: '1' })).toBe(0);
    expect(found({ a: '1', b: '2', c: '3' })).toBe(0);
    expect(found({ a: '2', b: '1' })).toBe(0);
  });

  it('are forgotten after some hours, and take no memory then', () => {
    const { clock, metrics } = store(10 * minute);
    metrics.record(metric, 5);
    clock.now += 11 * minute;
    metrics.record({ ...metric, name: 'Errors' }, 1);
    expect(metrics.samples(metric, 0, 200 * minute)).toEqual([]);
  });

  it('keep a bounded number of values a minute, which are off by 0.5 % at the most', () => {
    const { metrics } = store();
    for (let value = 1_000; value < 9_000; value++) metrics.record(metric, value + 0.123);
    const [bin] = metrics.samples(metric, 100 * minute, 101 * minute);
    expect(bin!.count).toBe(8_000);
    expect(bin!.values.size).toBeLessThan(900);
    expect([...bin!.values.values()].reduce((sum, count) => sum + count, 0)).toBe(8_000);
  });

  it('are not made of what is no number, or of nothing', () => {
    const { metrics } = store();
    metrics.record(metric, Number.NaN);
    metrics.record(metric, 5, { count: 0 });
    expect(metrics.samples(metric, 0, 200 * minute)).toEqual([]);
  });
});
