import type { FunctionLog } from '../../domain/function/function-log';
import type { CompactedAll } from './compact-all';
import { CompactorMetric } from './contract';

/** Writes what a compaction has done as one log line and as embedded metrics. */
export function reportCompaction(
  { shardsWithGap, failedByError, ...counts }: CompactedAll,
  units: { readonly read: number; readonly write: number },
  { log, count }: FunctionLog,
): void {
  const details = { ...counts, readUnits: units.read, writeUnits: units.write };
  const hasFailed = shardsWithGap.length > 0 || failedByError.size > 0;
  if (hasFailed) {
    const failed = { shardsWithGap, failedByError: Object.fromEntries(failedByError) };
    log('WARN', 'logs compacted in part', { ...details, ...failed });
  } else log('INFO', 'logs compacted', details);
  count({
    [CompactorMetric.oldestPendingSeconds]: Math.round(counts.oldestPendingMs / 1000),
    [CompactorMetric.logGaps]: shardsWithGap.length,
    [CompactorMetric.shardsNotCompacted]: [...failedByError.values()].reduce(
      (sum, shards) => sum + shards,
      0,
    ),
  });
}
