import type { FunctionLog } from '../../domain/function/function-log';
import type { CompactedAll } from './compact-all';
import { CompactorMetric } from './contract';

/** Writes what a compaction has done as one log line. */
export function reportCompaction(
  { shardsWithGap, failedByError, ...counts }: CompactedAll,
  units: { readonly read: number; readonly write: number },
  log: FunctionLog,
): void {
  const details = { ...counts, readUnits: units.read, writeUnits: units.write };
  const metrics = {
    [CompactorMetric.oldestPendingSeconds]: Math.round(counts.oldestPendingMs / 1000),
    [CompactorMetric.logGaps]: shardsWithGap.length,
    [CompactorMetric.shardsNotCompacted]: [...failedByError.values()].reduce(
      (sum, shards) => sum + shards,
      0,
    ),
  };
  const hasFailed = shardsWithGap.length > 0 || failedByError.size > 0;
  if (hasFailed) {
    const failed = { shardsWithGap, failedByError: Object.fromEntries(failedByError) };
    log('WARN', 'logs compacted in part', { ...details, ...failed }, metrics);
  } else log('INFO', 'logs compacted', details, metrics);
}
