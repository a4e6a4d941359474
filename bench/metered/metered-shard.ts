import { byWindowSize } from '../../domain/counters/window';
import { uniquesFor } from '../../domain/visitors/uniques';
import { compactAll } from '../../lambda/compactor/compact-all';
import { createAppender } from '../../table/append';
import { createCompactor } from '../../table/compact';
import { logTable } from '../../table/log-table';
import { never } from '../never';
import { streamName } from '../sequence-numbers';
import { begin, meteredRecords, type ShardLoad } from './metered-clicks';
import { type Charge, createMeteredTable, type Sort } from './metered-table';

export interface ShardSettings {
  /** Records of a batch. */
  readonly batchRecords: number;
  readonly compactionSeconds: number;
  readonly deduplicationSeconds: number;
  readonly uniqueVisitors: 'off' | 'total' | 'page';
}

/** What some time of one shard costs. */
export interface Metered {
  readonly records: number;
  readonly batches: number;
  readonly charges: ReadonlyMap<Sort, Readonly<Charge>>;
  readonly stored: ReadonlyMap<Sort, number>;
}

const scheduleMs = 60_000;
const retentionDays = byWindowSize(() => 400);
const logDays = 14;

/**
 * Runs the aggregator's appender and the compactor on a table that charges for them. Both begin with nothing; at the end
 * everything is compacted that is due.
 *
 * @param warmUpMinutes that go before, and are not charged
 */
export async function meterShard(
  load: ShardLoad,
  settings: ShardSettings,
  minutes: number,
  warmUpMinutes = 0,
): Promise<Metered> {
  const { batchRecords, compactionSeconds, deduplicationSeconds, uniqueVisitors } = settings;
  const metered = createMeteredTable();
  let now = begin;
  let token = 0;
  const table = logTable(metered.calls, 'aggregates');
  const ports = { table, now: () => now, newToken: () => String(10_000_000 + token++) };
  const uniques = uniquesFor(uniqueVisitors);
  const appender = createAppender(ports, {
    deduplicationSeconds,
    uniques,
    minutesForDays: 0,
    logDays,
  });
  const compactor = createCompactor(ports, { retentionDays, compactionSeconds, logDays });

  const measuredFrom = begin + warmUpMinutes * 60_000;
  const end = measuredFrom + minutes * 60_000;
  const batchMs = (batchRecords / load.recordsPerSecond) * 1_000;
  const coming = meteredRecords(load);
  let nextCompaction = begin + scheduleMs / 2;
  let batches = 0;
  for (let at = begin + batchMs; at <= end; at += batchMs) {
    for (; nextCompaction < at; nextCompaction += scheduleMs) await compact(nextCompaction);
    if (at - batchMs < measuredFrom && at >= measuredFrom) {
      metered.reset();
      batches = 0;
    }
    now = at;
    const records = Array.from({ length: batchRecords }, () => coming.next().value);
    const { lowestUnfinished, unfinishedBecause } = await appender.append(
      `${streamName}/shardId-000000000000`,
      records,
      never,
    );
    if (lowestUnfinished) throw new Error(`a batch is not done: ${unfinishedBecause}`);
    batches++;
  }
  await compact(end);
  return { records: batches * batchRecords, batches, charges: metered.charges(), stored: metered.stored() };

  async function compact(at: number): Promise<void> {
    now = at;
    const { failedByError, shardsWithGap } = await compactAll(table, compactor, false, never);
    if (failedByError.size > 0 || shardsWithGap.length > 0) throw new Error('the log was not compacted');
  }
}
