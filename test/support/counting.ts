import { randomUUID } from 'node:crypto';
import type { ShardRecord } from '../../domain/event/shard-lines';
import { type UniqueScope, uniquesFor } from '../../domain/visitors/uniques';
import { createAppender } from '../../table/append';
import { createCompactor } from '../../table/compact';
import type { LogTable } from '../../table/log-table';
import { neverAborted } from './never-aborted';
import { retentionDays as retentionOf } from './retention-factory';

export const retentionDays = retentionOf({ minute: 7, hour: 30, day: 90 });
const logDays = 14;

export interface CountingOptions {
  readonly uniqueVisitors?: 'off' | UniqueScope;
  readonly deduplicationSeconds?: number;
  /** @default as long as minutes are kept */
  readonly minutesForDays?: number;
  readonly now?: () => number;
}

/** Fills a table as the deployed functions do. */
export interface Counting {
  /** Appends a batch. @throws Error if not all of it was counted */
  count(shardKey: string, records: readonly ShardRecord[]): Promise<void>;
  /** Folds all that is pending into the items. */
  compact(): Promise<void>;
}

export function counting(table: LogTable, options: CountingOptions = {}): Counting {
  const { uniqueVisitors = 'off', deduplicationSeconds = 0, now = Date.now } = options;
  const { minutesForDays = retentionDays.minute } = options;
  const appender = createAppender(
    { table, now, newToken: randomUUID },
    {
      deduplicationSeconds,
      uniques: uniquesFor(uniqueVisitors),
      minutesForDays,
      logDays,
    },
  );
  const compactor = createCompactor({ table, now }, { retentionDays, compactionSeconds: 0, logDays });
  return {
    async count(shardKey, records) {
      const outcome = await appender.append(shardKey, records, neverAborted());
      if (outcome.lowestUnfinished !== undefined) {
        throw new Error(`not all was counted: ${JSON.stringify(outcome)}`);
      }
    },
    async compact() {
      for (const entry of await table.entries()) await compactor.compact(entry, true, neverAborted());
    },
  };
}
