import { formatWindow, windowMs, windowStart } from '../domain/counters/window';
import { readAnomalies, settledHour } from '../report/anomalies-reader';
import type { Anomalies } from './answers';
import { ParameterError, type Parameters } from './parameters';
import type { ApiPorts } from './ports';
import { windowsOf } from './span';

/** More hours would take seconds to judge. */
export const longestJudgedDays = 31;

/** Age at which what is counted is folded, in production. A shard that is folded later may be taken for one that is idle. */
const foldedAfterMs = 300_000;

/** `GET /api/anomalies`. @throws ParameterError */
export async function readAnomaliesOf(given: Parameters, ports: ApiPorts): Promise<Anomalies> {
  const { views, settings } = ports;
  const kept = { now: ports.now(), retentionDays: settings.retentionDays };
  const { bounds } = windowsOf(given, kept);
  const from = windowStart('hour', bounds[0]!);
  const to = Math.ceil(bounds.at(-1)! / windowMs.hour) * windowMs.hour;
  if (to - from > longestJudgedDays * windowMs.day) {
    const shown = `from ${formatWindow(from)} to ${formatWindow(to)}`;
    throw new ParameterError(shown, `at most ${longestJudgedDays} days`);
  }
  const span = { from: formatWindow(from), to: formatWindow(to) };
  const [{ shards }, entries] = await Promise.all([views.read([]), views.entries()]);
  const hour = settledHour(shards, entries, kept.now, foldedAfterMs);
  if (hour === undefined) return { ...span, anomalies: [] };
  const judgedUntil = hour + windowMs.hour;
  const end = Math.min(to, judgedUntil);
  const found = await readAnomalies(
    {
      ...{ from, to: end },
      ...{ now: kept.now, hourRetentionDays: kept.retentionDays.hour },
      withVisitors: settings.uniqueVisitors !== 'off',
    },
    views.read,
  );
  return {
    ...span,
    judgedUntil: formatWindow(judgedUntil),
    anomalies: found.map(({ subject, value, kind, count, expected, ...rest }) => ({
      ...{ subject, value, kind, from: formatWindow(rest.from), to: formatWindow(rest.to) },
      ...{ count, expected: Math.round(expected), score: Number(rest.score.toFixed(1)) },
      // Of an earlier range it is not known.
      isOpen: rest.isOpen && end === judgedUntil,
    })),
  };
}
