import { anomalyKinds, subjects } from '../../domain/anomalies/findings';
import { formatWindow, windowMs } from '../../domain/counters/window';
import type { FunctionLog } from '../../domain/function/function-log';
import type { Anomaly } from '../../report/anomalies-reader';
import { AnomaliesMetric as Metric } from './contract';
import type { Verdict } from './judge';

const metricOf = {
  total: Metric.ofTotal,
  type: Metric.ofTypes,
  page: Metric.ofPages,
  visitor: Metric.ofVisitors,
} as const;

/**
 * Writes a verdict as one log line: how many anomalies of what, and no page, whose name may say something of a visitor. The
 * metrics say 0 as well, by which an alarm learns that all is well again.
 */
export function reportVerdict(
  verdict: Verdict | undefined,
  units: { readonly read: number },
  now: number,
  log: FunctionLog,
): void {
  if (!verdict) {
    log('INFO', 'nothing to judge yet', { readUnits: units.read }, { [Metric.behindSeconds]: 0 });
    return;
  }
  const { hour, open } = verdict;
  const count = (matches: (anomaly: Anomaly) => boolean): number => open.filter(matches).length;
  const kinds = anomalyKinds.map((kind) => [kind, count((one) => one.kind === kind)] as const);
  log(
    open.length > 0 ? 'WARN' : 'INFO',
    open.length > 0 ? 'hour is unusual' : 'hour is usual',
    {
      hour: formatWindow(hour),
      byKind: Object.fromEntries(kinds.filter(([, number]) => number > 0)),
      readUnits: units.read,
    },
    {
      ...Object.fromEntries(
        subjects.map((subject) => [metricOf[subject], count((one) => one.subject === subject)]),
      ),
      [Metric.behindSeconds]: Math.round((now - hour - windowMs.hour) / 1_000),
    },
  );
}
