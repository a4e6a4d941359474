import type { AlarmState } from '../alarm-status';
import { type Alarm, comparisons } from './alarm';
import type { MetricSource } from './metric';

const minuteMs = 60_000;

/**
 * How many periods CloudWatch looks at beyond those that it evaluates, in case some are without data. AWS publishes
 * one example, 5 for 3, and that the number depends on the length of the period: for others this is a choice.
 */
const furtherPeriods = 2;

/** Periods of the evaluation range. */
export function rangeOf({ evaluationPeriods }: Pick<Alarm, 'evaluationPeriods'>): number {
  return evaluationPeriods + furtherPeriods;
}

/** How far back an alarm looks, in milliseconds. */
export function reachOf(alarm: Alarm): number {
  return rangeOf(alarm) * alarm.periodSeconds * 1000;
}

/**
 * The value of each period of the evaluation range, the latest last; undefined is missing. The range ends with the last
 * full minute, wherever that is in an hour: an alarm is evaluated each minute, on a sliding window (AWS docs: Alarm
 * evaluation windows).
 *
 * @param now epoch milliseconds
 */
export function datapoints(alarm: Alarm, source: MetricSource, now: number): readonly (number | undefined)[] {
  const periodMs = alarm.periodSeconds * 1000;
  const end = Math.floor(now / minuteMs) * minuteMs;
  const periods = rangeOf(alarm);
  return Array.from({ length: periods }, (_, index) => {
    const from = end - (periods - index) * periodMs;
    return alarm.expression((id) => {
      const { metric, statistic } = alarm.metrics.get(id)!;
      const samples = source.samples(metric, from, from + periodMs);
      return samples.length === 0 ? undefined : statistic(samples);
    });
  });
}

/**
 * The state of an alarm by the periods of its evaluation range (AWS docs: Configuring how CloudWatch alarms treat missing
 * data). Real values are taken first, from as far back as the range goes; only what is still lacking is filled in.
 *
 * @param points the latest last
 * @param current the state so far, which `ignore` keeps
 */
export function stateOf(
  alarm: Pick<Alarm, 'evaluationPeriods' | 'datapointsToAlarm' | 'comparison' | 'threshold' | 'missingData'>,
  points: readonly (number | undefined)[],
  current: AlarmState,
): AlarmState {
  const { evaluationPeriods, datapointsToAlarm, missingData } = alarm;
  const breaches = (value: number): boolean => comparisons[alarm.comparison](value, alarm.threshold);
  const real = points.filter((point) => point !== undefined).slice(-evaluationPeriods);
  const breaching = real.filter(breaches).length;
  const lacking = evaluationPeriods - real.length;

  if (missingData === 'breaching') return breaching + lacking >= datapointsToAlarm ? 'ALARM' : 'OK';
  if (breaching >= datapointsToAlarm) return 'ALARM';
  if (missingData === 'notBreaching' || lacking === 0 || breaching < real.length) return 'OK';
  // All that there is breaches, if there is anything, and it is not enough.
  if (missingData === 'ignore') return current;
  return isOldEnough(points, datapointsToAlarm) ? 'ALARM' : 'INSUFFICIENT_DATA';
}

/**
 * Of the missing after a breach it is not known whether they breach: the alarm waits for them for so many periods as it
 * would need (there: Avoiding premature transitions to alarm state).
 */
function isOldEnough(points: readonly (number | undefined)[], datapointsToAlarm: number): boolean {
  const oldest = points.findIndex((point) => point !== undefined);
  return oldest >= 0 && points.length - oldest >= datapointsToAlarm;
}
