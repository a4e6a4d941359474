import type { FunctionLog } from '../../domain/function/function-log';
import type { CompactedAll } from './compact-all';

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
    DeltasCompacted: counts.deltas,
    DeltasPending: counts.pending,
    OldestPendingSeconds: Math.round(counts.oldestPendingMs / 1000),
    ItemsWritten: counts.items,
    WriteUnits: Math.round(units.write),
    LogGaps: shardsWithGap.length,
    ShardsNotCompacted: [...failedByError.values()].reduce((sum, shards) => sum + shards, 0),
  });
}
