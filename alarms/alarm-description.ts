/** What the description of an alarm says. */
export interface AlarmDescription {
  /** What it means that the alarm is in state ALARM, in a sentence. */
  readonly meaning: string;
  /** The section of the operations page, from the root of the repository: `docs/operations.md#loggap`. */
  readonly runbook: string;
}

export const operationsPage = 'docs/operations.md';

/** The section about an alarm: its heading is the alarm's id, and the anchor of a heading is in lower case. */
export function runbookOf(alarmId: string): string {
  return `${operationsPage}#${alarmId.toLowerCase()}`;
}

/** The text for CloudWatch, which has one field for both. */
export function writeDescription({ meaning, runbook }: AlarmDescription): string {
  return `${meaning} Runbook: ${runbook}`;
}

/** @returns undefined for a description that `writeDescription` has not written */
export function readDescription(text: string): AlarmDescription | undefined {
  const [, meaning, runbook] = /^(.+) Runbook: (docs\/[\w./-]+#[\w-]+)$/s.exec(text) ?? [];
  return meaning && runbook ? { meaning, runbook } : undefined;
}
