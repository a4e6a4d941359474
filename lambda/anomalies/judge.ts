import { holdHours } from '../../domain/anomalies/episodes';
import { windowMs } from '../../domain/counters/window';
import { type Anomaly, readAnomalies, settledHour } from '../../report/anomalies-reader';
import type { LogTable } from '../../table/log-table';
import { sharedLog } from '../../table/shared-log';
import { readView } from '../../table/view';
import type { AnomaliesSettings } from './environment';

/** What is unusual now, as far as it can be known. */
export interface Verdict {
  /** Start of the latest hour that is whole, in epoch milliseconds. */
  readonly hour: number;
  /** Those that have not ended by then. */
  readonly open: readonly Anomaly[];
}

export interface JudgePorts {
  readonly table: LogTable;
  readonly now: () => number;
}

/**
 * Judges the latest hour whose counts are whole; undefined as long as nothing is counted. Everything follows from the
 * counters, so that it may run twice, or not for a day: the alarms compare one verdict with the next.
 *
 * What it remembers of the hour that it has judged spares it reading five weeks again within the hour, and nothing else.
 */
export function createJudge(
  { table, now }: JudgePorts,
  {
    compactionSeconds,
    hourRetentionDays,
    uniqueVisitors,
  }: Pick<AnomaliesSettings, 'compactionSeconds' | 'hourRetentionDays' | 'uniqueVisitors'>,
): () => Promise<Verdict | undefined> {
  let latest: Verdict | undefined;
  return async () => {
    const ports = { table, now };
    // Reads the entries once for both: no items are read by it.
    const log = sharedLog(table);
    const [entries, { shards }] = await Promise.all([log.entries(), readView([], { table: log, now })]);
    const hour = settledHour(shards, entries, now(), compactionSeconds * 1_000);
    if (hour === undefined) return undefined;
    if (latest?.hour === hour) return latest;
    const to = hour + windowMs.hour;
    const found = await readAnomalies(
      {
        from: to - holdHours * windowMs.hour,
        to,
        ...{ now: now(), hourRetentionDays },
        withVisitors: uniqueVisitors !== 'off',
      },
      (queries) => readView(queries, ports),
    );
    latest = { hour, open: found.filter(({ isOpen }) => isOpen) };
    return latest;
  };
}
