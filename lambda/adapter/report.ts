import type { FunctionLog } from '../../domain/function/function-log';
import type { AdaptedBatch } from './adapt-batch';

/** Writes what became of a batch as one log line. Counts only: no line, no visitor. */
export function reportBatch(
  shard: string,
  { lowestUnfinished, ...counts }: AdaptedBatch,
  log: FunctionLog,
): void {
  const details = { shard, ...counts };
  if (lowestUnfinished) log('WARN', 'batch adapted in part', { ...details, lowestUnfinished }, {});
  else log('INFO', 'batch adapted', details, {});
}
