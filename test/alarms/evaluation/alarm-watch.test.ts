import { watchAlarms } from '../../../alarms/evaluation/alarm-watch';
import { createMetricStore, keptMs } from '../../../local/metrics/metric-store';
import { alarm } from '../../support/alarm-factory';

const start = Date.parse('2026-03-01T10:00:30Z');
const minute = 60_000;

function watched(overrides: Parameters<typeof alarm>[0] = {}) {
  const one = alarm(overrides);
  const { metric } = [...one.metrics.values()][0]!;
  const clock = { now: start };
  const store = createMetricStore(() => clock.now, keptMs([one]));
  const watch = watchAlarms([one], store, start);
  /** A minute with these errors, or without data, and the state after it. */
  const minuteWith = (errors?: number): string => {
    if (errors !== undefined) store.record(metric, errors);
    clock.now += minute;
    watch.evaluate(clock.now);
    return watch.statuses()[0]!.state;
  };
  return { watch, minuteWith };
}

describe('The alarms of a pipeline', () => {
  it('are without data until they are evaluated, and say what they are about', () => {
    expect(watched().watch.statuses()).toEqual([
      {
        name: 'errors-of-6',
        state: 'INSUFFICIENT_DATA',
        since: '2026-03-01T10:00:30.000Z',
        description: 'The aggregator fails.',
        threshold: 4,
        comparison: 'GreaterThanThreshold',
        runbook: 'docs/operations.md#the-aggregator-fails',
      },
    ]);
  });

  it('change their state with the minutes, and keep since when, and the latest value', () => {
    const { watch, minuteWith } = watched();
    expect([minuteWith(1), minuteWith(5), minuteWith(6)]).toEqual(['OK', 'OK', 'ALARM']);
    expect(watch.statuses()[0]).toMatchObject({ since: '2026-03-01T10:03:30.000Z', value: 6 });
    expect([minuteWith(7), minuteWith(2), minuteWith(), minuteWith(), minuteWith()]).toEqual([
      'ALARM',
      'ALARM',
      'ALARM',
      'ALARM',
      'OK',
    ]);
    expect(watch.statuses()[0]).toMatchObject({ since: '2026-03-01T10:08:30.000Z', value: 2 });
  });

  it('look at full minutes only, on a window that slides with them', () => {
    const { watch, minuteWith } = watched({ periodSeconds: 120, evaluationPeriods: 1, datapointsToAlarm: 1 });
    expect([minuteWith(3), minuteWith(3)]).toEqual(['OK', 'ALARM']);
    expect(watch.statuses()[0]!.value).toBe(6);
  });

  it('wait for a whole window after the start before missing data is a breach', () => {
    const { minuteWith } = watched({ missingData: 'breaching', datapointsToAlarm: 3 });
    const waiting = 'INSUFFICIENT_DATA';
    expect([minuteWith(), minuteWith(), minuteWith()]).toEqual([waiting, waiting, 'ALARM']);
    const { minuteWith: aMinute } = watched({ missingData: 'breaching', datapointsToAlarm: 3 });
    expect([aMinute(1), aMinute()]).toEqual(['OK', 'OK']);
  });
});
