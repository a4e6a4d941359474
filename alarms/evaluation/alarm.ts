import type { Expression } from './expression';
import type { Metric } from './metric';
import type { Statistic } from './statistic';

/** How a value is compared with the threshold for it to breach. */
export const comparisons = {
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
} as const;
export type Comparison = keyof typeof comparisons;

export function isComparison(text: string | undefined): text is Comparison {
  return text !== undefined && Object.hasOwn(comparisons, text);
}

/** What a period without data stands for. */
export const missingDataTreatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
export type MissingData = (typeof missingDataTreatments)[number];

/** A statistic of a metric, over each period. */
export interface MetricStatistic {
  readonly metric: Metric;
  readonly statistic: Statistic;
}

/** A metric alarm. */
export interface Alarm {
  readonly name: string;
  /** What it means, in a sentence, without the link to the runbook. */
  readonly description: string;
  /** The section of docs/operations.md: a path or an address with its anchor. */
  readonly runbook: string;
  /** What is compared with the threshold, made of the metrics by their ids. */
  readonly expression: Expression;
  readonly metrics: ReadonlyMap<string, MetricStatistic>;
  /** A multiple of 60. */
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly missingData: MissingData;
}
