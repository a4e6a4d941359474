import type { AlarmStatus } from '../../alarms/alarm-status';
import type { Alarm } from '../../alarms/evaluation/alarm';
import { watchAlarms } from '../../alarms/evaluation/alarm-watch';
import type { AlarmsFile } from '../../alarms/local-alarms';
import type { Clock } from '../clock';
import type { OnFault } from '../faults/fault';
import type { MetricStore } from './metric-store';

const minuteMs = 60_000;
/** How long after a minute it is evaluated: what its end has brought about is written to the logs by then. */
const settlingMs = 3_000;

export interface AlarmMinutesPorts {
  readonly metrics: MetricStore;
  readonly clock: Clock;
  /** Takes the metrics that nobody sends by himself, of the minute that ends with that instant. */
  readonly collect: (at: number) => void;
  /** Keeps the states for whoever asks. */
  readonly save: (states: AlarmsFile) => Promise<void>;
  readonly onFault: OnFault;
}

/** The alarms of the templates, evaluated each minute. */
export interface AlarmMinutes {
  statuses(): readonly AlarmStatus[];
  stop(): Promise<void>;
}

/** Evaluates at once, and then after each full minute. */
export async function startAlarmMinutes(
  alarms: readonly Alarm[],
  { metrics, clock, collect, save, onFault }: AlarmMinutesPorts,
): Promise<AlarmMinutes> {
  const ending = new AbortController();
  const watch = watchAlarms(alarms, metrics, clock.now());
  const evaluate = async (): Promise<void> => {
    const now = clock.now();
    collect(Math.floor(now / minuteMs) * minuteMs - 1);
    watch.evaluate(now);
    await save({ evaluatedAt: new Date(now).toISOString(), alarms: watch.statuses() });
  };
  const run = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const untilNext = minuteMs - ((clock.now() - settlingMs) % minuteMs);
      await clock.sleep(untilNext, ending.signal);
      if (ending.signal.aborted) return;
      await evaluate().catch((error) => onFault('keeping the states of the alarms', error));
    }
  };
  await evaluate();
  const finished = run();
  return {
    statuses: watch.statuses,
    stop: async () => {
      ending.abort();
      await finished;
    },
  };
}
