import { errorName } from '../../domain/function/function-log';
import type { Compacted, Compactor } from '../../table/compact';
import type { LogTable } from '../../table/log-table';

/** What an invocation has done over all shards, and what is left. */
export interface CompactedAll extends Omit<Compacted, 'hasGap'> {
  readonly shards: number;
  /** Shards whose log lacks a delta. */
  readonly shardsWithGap: readonly string[];
  /** Shards that were left because the table refused, by the kind of the error. */
  readonly failedByError: ReadonlyMap<string, number>;
}

/** Shards under way at once: most of the time is waiting for the table. */
const concurrentShards = 4;

/**
 * Compacts every shard of the table, also closed and idle ones. A shard that fails keeps none of the others from being
 * compacted.
 *
 * @param signal ends the work behind the pieces under way
 * @throws what reading the list of shards throws
 */
export async function compactAll(
  table: LogTable,
  compactor: Compactor,
  everything: boolean,
  signal: AbortSignal,
): Promise<CompactedAll> {
  const entries = await table.entries(signal);
  const sum = { deltas: 0, items: 0, retried: 0, pending: 0, oldestPendingMs: 0 };
  const shardsWithGap: string[] = [];
  const failedByError = new Map<string, number>();
  // Who was compacted last comes last: where the time does not suffice for all, nobody waits for ever.
  const waiting = entries.toSorted((a, b) => (a.compactedAt ?? 0) - (b.compactedAt ?? 0));
  const queue = waiting.values();
  const work = async (): Promise<void> => {
    for (const entry of queue) {
      if (signal.aborted) return;
      try {
        const { hasGap, oldestPendingMs, ...done } = await compactor.compact(entry, everything, signal);
        for (const name of ['deltas', 'items', 'retried', 'pending'] as const) sum[name] += done[name];
        sum.oldestPendingMs = Math.max(sum.oldestPendingMs, oldestPendingMs);
        if (hasGap) shardsWithGap.push(entry.shardKey);
      } catch (error) {
        const name = errorName(error);
        failedByError.set(name, (failedByError.get(name) ?? 0) + 1);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrentShards }, work));
  return { ...sum, shards: entries.length, shardsWithGap, failedByError };
}
