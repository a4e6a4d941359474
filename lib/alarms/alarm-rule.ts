import { ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';

/** When an alarm goes off, and what that means. */
export interface AlarmRule {
  /** Ends the alarm's name, behind the stack's, and is the heading of its section in docs/operations.md. */
  readonly id: string;
  /** What has happened then, in a sentence with its full stop. */
  readonly meaning: string;
  readonly metric: IMetric;
  readonly is: keyof typeof comparisons;
  /** In the metric's unit. */
  readonly threshold: number;
  /** So many periods of the latest so many must breach. */
  readonly breaching: readonly [datapoints: number, periods: number];
  readonly withoutData: keyof typeof missingData;
}

export const comparisons = {
  above: ComparisonOperator.GREATER_THAN_THRESHOLD,
  'at least': ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  below: ComparisonOperator.LESS_THAN_THRESHOLD,
} as const;

/** What a period without data counts as. */
export const missingData = {
  /** Nothing happened, so nothing failed. */
  'is fine': TreatMissingData.NOT_BREACHING,
  /** Something happens all the time, and if not, that is the failure. */
  'is a breach': TreatMissingData.BREACHING,
  /** It says neither: the metric is missing where nothing happens, and where nothing works at all. */
  'keeps the state': TreatMissingData.IGNORE,
} as const;

/** Sustained, with gaps: what fails is repeated with pauses, in which there is no data. */
export const mostOfFiveMinutes = [3, 5] as const;

/** At once, and for a quarter of an hour: a series of single events is one alarm, and not one a minute. */
const onceInAQuarter = [1, 15] as const;

/** A single one is enough: something is lost, or waits for somebody. */
export const anyAtAll = {
  is: 'above',
  threshold: 0,
  breaching: onceInAQuarter,
  withoutData: 'is fine',
} as const;

/**
 * What must happen at least once in so many minutes, if anything is promised.
 *
 * @param minutes 0 promises nothing
 * @param metric of a minute
 */
export function heartbeat(
  { id, meaning, metric }: Pick<AlarmRule, 'id' | 'meaning' | 'metric'>,
  minutes: number,
): readonly AlarmRule[] {
  if (minutes === 0) return [];
  const breaching = [minutes, minutes] as const;
  return [{ id, meaning, metric, is: 'below', threshold: 1, breaching, withoutData: 'is a breach' }];
}
