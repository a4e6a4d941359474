import type { Comparison } from './evaluation/alarm';

export type AlarmState = 'ALARM' | 'OK' | 'INSUFFICIENT_DATA';

/** An alarm of CloudWatch, or of the laptop, which evaluates the same ones. */
export interface AlarmStatus {
  readonly name: string;
  readonly state: AlarmState;
  readonly since: string;
  /** What it means, in a sentence. */
  readonly description: string;
  /** The latest value; absent without data. */
  readonly value?: number;
  readonly threshold: number;
  /** How a value is compared with the threshold for it to be an alarm. */
  readonly comparison?: Comparison;
  /** The section of docs/operations.md. */
  readonly runbook: string;
}
