import { recordsOfBatch } from '../../cost/table/shard-load';
import type { WindowSize } from '../../domain/counters/window';

/** Counters that are kept. */
export interface Scope {
  readonly name: 'page by minute' | 'everything';
  readonly windows: readonly WindowSize[];
  readonly dimensions: 'page' | 'all';
}

export const scopes: readonly Scope[] = [
  { name: 'page by minute', windows: ['minute'], dimensions: 'page' },
  { name: 'everything', windows: ['minute', 'hour'], dimensions: 'all' },
];

/** What one shard's table is written from. */
export interface WriteLoad {
  /** Of one shard, an event each. */
  readonly recordsPerSecond: number;
  readonly batchSeconds: number;
  readonly pages: number;
  /** Of a page's path; without it, 10 to 15. */
  readonly pageBytes?: number | undefined;
  /** Of the records, those that come an hour to a day late. */
  readonly lateShare: number;
}

/** Records in a batch as the mapping cuts it: by its window, or by the 6 MB that one invocation takes. */
export function recordsInBatch(load: WriteLoad, recordBytes: number): number {
  return recordsOfBatch({
    recordsPerSecond: load.recordsPerSecond,
    batchingWindowSeconds: load.batchSeconds,
    batchSize: 10_000,
    recordBytes,
    eventsPerRecord: 1,
    pages: load.pages,
    lateShare: load.lateShare,
    deduplicationSeconds: 0,
    uniqueVisitors: 'off',
  });
}
