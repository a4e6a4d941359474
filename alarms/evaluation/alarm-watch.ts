import type { AlarmState, AlarmStatus } from '../alarm-status';
import type { Alarm } from './alarm';
import { datapoints, stateOf } from './evaluate';
import type { MetricSource } from './metric';

/** Alarms and the states that they are in. */
export interface AlarmWatch {
  /**
   * Looks at all of them; to be called each minute.
   *
   * @param now epoch milliseconds
   */
  evaluate(now: number): void;
  /** As the last evaluation left them, in the order of the templates. */
  statuses(): readonly AlarmStatus[];
}

/** @param startedAt since when they are without data, in epoch milliseconds */
export function watchAlarms(alarms: readonly Alarm[], source: MetricSource, startedAt: number): AlarmWatch {
  const watched = alarms.map((alarm) => ({
    alarm,
    state: 'INSUFFICIENT_DATA' as AlarmState,
    since: startedAt,
    value: undefined as number | undefined,
  }));
  return {
    evaluate: (now) => {
      for (const one of watched) {
        const points = datapoints(one.alarm, source, now);
        if (isWarmingUp(one.alarm, points, now - startedAt)) continue;
        const state = stateOf(one.alarm, points, one.state);
        if (state !== one.state) one.since = now;
        one.state = state;
        one.value = points.findLast((point) => point !== undefined);
      }
    },
    statuses: () =>
      watched.map(({ alarm, state, since, value }) => ({
        name: alarm.name,
        state,
        since: new Date(since).toISOString(),
        description: alarm.description,
        ...(value === undefined ? {} : { value }),
        threshold: alarm.threshold,
        comparison: alarm.comparison,
        runbook: alarm.runbook,
      })),
  };
}

/**
 * What was before the start is not missing, it is not known: an alarm to which missing data is a breach waits for its
 * first value, or for a whole window without any. (CloudWatch has no such start, since it keeps the metrics of before.)
 */
function isWarmingUp(
  { missingData, periodSeconds, evaluationPeriods }: Alarm,
  points: readonly (number | undefined)[],
  runsForMs: number,
): boolean {
  const isWithoutData = points.every((point) => point === undefined);
  return missingData === 'breaching' && isWithoutData && runsForMs < periodSeconds * evaluationPeriods * 1000;
}
