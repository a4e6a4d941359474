import { weekHours } from '../../domain/anomalies/baseline';
import { holdHours } from '../../domain/anomalies/episodes';

/** Hours of a series in which something was wrong: the first, and the one behind the last. */
export interface FaultWindow {
  readonly from: number;
  readonly to: number;
}

export interface LabelledSeries {
  readonly name: string;
  /** By hour. */
  readonly counts: readonly number[];
  readonly windows: readonly FaultWindow[];
  /** Other hours in which an alarm is not false. @default the windows */
  readonly explained?: readonly FaultWindow[];
}

export interface Score {
  readonly windows: number;
  /** Windows with an alarm within. */
  readonly found: number;
  /** Runs of alarms outside every window. */
  readonly falseAlarms: number;
  /** Weeks that were judged. */
  readonly weeks: number;
}

/** Nobody is judged by it: it is what there is to learn from. */
const learnedHours = weekHours;

/** How well alarms fit the windows of a series. Alarms with a pause of two hours at most are one. */
export function evaluate(
  alarms: readonly boolean[],
  { windows, explained = windows }: Pick<LabelledSeries, 'windows' | 'explained'>,
): Score {
  const runs = runsOf(alarms);
  const overlap = (a: FaultWindow, b: FaultWindow) => a.from < b.to && b.from < a.to;
  const judged = windows.filter(({ to }) => to > learnedHours);
  return {
    windows: judged.length,
    found: judged.filter((window) => runs.some((run) => overlap(run, window))).length,
    falseAlarms: runs.filter((run) => !explained.some((window) => overlap(run, window))).length,
    weeks: Math.max(alarms.length - learnedHours, 0) / weekHours,
  };
}

export function sumOf(scores: readonly Score[]): Score {
  const sum = (of: (score: Score) => number): number => scores.reduce((all, score) => all + of(score), 0);
  return {
    windows: sum(({ windows }) => windows),
    found: sum(({ found }) => found),
    falseAlarms: sum(({ falseAlarms }) => falseAlarms),
    weeks: sum(({ weeks }) => weeks),
  };
}

export function falseAlarmsAWeek({ falseAlarms, weeks }: Score): number {
  return weeks === 0 ? 0 : falseAlarms / weeks;
}

function runsOf(alarms: readonly boolean[]): FaultWindow[] {
  const runs: FaultWindow[] = [];
  for (const [hour, isAlarm] of alarms.entries()) {
    if (!isAlarm || hour < learnedHours) continue;
    const last = runs.at(-1);
    if (last && hour - last.to < holdHours) runs[runs.length - 1] = { from: last.from, to: hour + 1 };
    else runs.push({ from: hour, to: hour + 1 });
  }
  return runs;
}
