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
        runbook: alarm.runbook,
      })),
  };
}
