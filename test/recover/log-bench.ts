import type { AggregationSettings } from '../../contract/aggregation-settings';
import { type DeltaLimits, deltaLimits } from '../../domain/counters/fold';
import { retentionDaysOf } from '../../domain/counters/retention';
import { formatWindow, windowSizes, windowStart } from '../../domain/counters/window';
import type { ShardRecord } from '../../domain/event/shard-lines';
import { uniquesFor } from '../../domain/visitors/uniques';
import { rebuildRange } from '../../recover/rebuild/rebuild';
import { repairObject, repairObjects } from '../../recover/repair/repair';
import type { RepairPorts } from '../../recover/repair/repair-batch';
import { verifyRange } from '../../recover/verify/verify-range';
import { createAppender } from '../../table/append';
import { createCompactor } from '../../table/compact';
import { type LogTable, logTable } from '../../table/log-table';
import { everyQuery } from '../../table/queries';
import { readView } from '../../table/view';
import { createMemoryDynamo, type MemoryDynamo } from '../support/memory-dynamo';
import { neverAborted } from '../support/never-aborted';
import { retentionSettings } from '../support/retention-factory';
import { arrival, shardKey } from '../support/shard-records';
import { archivedShard } from './archived-shard';
import { givenUp } from './failure-factory';
import { createMemoryBucket } from './memory-bucket';

export const hour = 3_600_000;
export const day = 24 * hour;

const dayStart = Date.parse('2026-03-01T00:00:00Z');
/** All windows of the day in which the events of `clickJson` and of `stream-record-arbitrary` count, and arrive. */
export const range = {
  from: Math.min(...windowSizes.map((size) => windowStart(size, dayStart))),
  to: dayStart + day,
};

export const settings: AggregationSettings = {
  ...retentionSettings({ minuteRetentionDays: 7, hourRetentionDays: 30 }),
  minutesForDays: 0,
  logDays: 14,
  maxRecordAgeSeconds: 7_200,
  deduplicationSeconds: 0,
  uniqueVisitors: 'off',
};

export interface BenchOptions {
  readonly settings?: Partial<AggregationSettings>;
  readonly dynamo?: MemoryDynamo;
  readonly limits?: DeltaLimits;
}

/** A shard's records, their archive, the aggregates table in memory, and what works on them. */
export function logBench(records: ShardRecord[], options: BenchOptions = {}) {
  const all = { ...settings, ...options.settings };
  const dynamo = options.dynamo ?? createMemoryDynamo();
  const table = quickTable(dynamo);
  const clock = { now: arrival + 2 * hour };
  const now = () => clock.now;
  const archived = archivedShard(records, now);
  const onFailure = createMemoryBucket(now);
  let tokens = 0;
  const ports: RepairPorts = {
    archive: archived.archive,
    stream: archived.stream,
    readWatermark: archived.readWatermark,
    now,
    table,
    onFailure,
    settings: all,
    newToken: () => `token-${++tokens}`,
    ...(options.limits ? { limits: options.limits } : {}),
  };
  const retentionDays = retentionDaysOf(all);
  return {
    ...{ dynamo, table, clock, archived, onFailure, ports },
    /** Hands out a batch to a function that knows nothing but what the table says. */
    deliver: async (batch: readonly ShardRecord[], calls: LogTable = table) => {
      if (batch.length === 0) return undefined;
      const uniquesOf = uniquesFor(all.uniqueVisitors);
      const appender = createAppender({ ...ports, table: calls }, { ...all, uniques: uniquesOf });
      return appender.append(shardKey, batch, neverAborted());
    },
    compact: async () => {
      const compactor = createCompactor(ports, { ...all, retentionDays, compactionSeconds: 0 });
      for (const entry of await table.entries()) await compactor.compact(entry, true, neverAborted());
    },
    /** Puts the on-failure object of a batch; returns its key. */
    giveUp: async (batch: readonly ShardRecord[], uuid = 'a1b2c3') => {
      const { key, body } = givenUp(shardKey, batch, { uuid });
      await onFailure.put(key, body);
      return key;
    },
    repair: (key: string, dryRun = false) => repairObject(key, dryRun, ports),
    repairAll: (again = false) => repairObjects({ key: undefined, again, dryRun: false }, ports),
    verify: (of = range) => verifyRange(of, ports),
    rebuild: (request: Partial<Parameters<typeof rebuildRange>[0]> = {}) =>
      rebuildRange({ range, dryRun: false, fewer: false, ...request }, ports),
    counted: () => countedIn(dynamo, now),
    deltas: async () => {
      const found = [];
      for await (const delta of table.deltas(shardKey, '0')) found.push(delta);
      return found;
    },
  };
}

export type LogBench = ReturnType<typeof logBench>;

/** The table in memory, by which hundreds of partitions are read of which most are empty. */
function quickTable(dynamo: MemoryDynamo): LogTable {
  const query: MemoryDynamo['query'] = async (input, signal) => {
    const pk = input.ExpressionAttributeValues?.[':pk']?.S;
    return dynamo.items().some((item) => item.pk?.S === pk)
      ? dynamo.query(input, signal)
      : { $metadata: {}, Items: [] };
  };
  return logTable({ ...dynamo, query }, 'aggregates');
}

/** All that a reader sees: `page /a minute 2026-03-01T09:59:00Z` by its count, and sketches by their bytes. */
export async function countedIn(
  dynamo: MemoryDynamo,
  now: () => number,
): Promise<Record<string, number | string>> {
  const { items } = await readView(everyQuery(), { table: quickTable(dynamo), now });
  const counted = new Map<string, number | string>();
  for (const { group, size, start, content } of items) {
    const window = `${size} ${formatWindow(start)}`;
    const add = (id: string, count: number): void =>
      void counted.set(`${id} ${window}`, Number(counted.get(`${id} ${window}`) ?? 0) + count);
    for (const [name, { values, other, cut }] of content.counts) {
      for (const [value, count] of values) add(`${name} ${value}`, count);
      if (other !== 0) add(`${name} other`, other);
      if (cut !== 0) add(`${name} cut`, cut);
    }
    for (const [value, bytes] of content.sketches) {
      counted.set(`${group} ${value} ${window}`, Buffer.from(bytes).toString('hex'));
    }
  }
  return Object.fromEntries(
    [...counted].filter(([, count]) => count !== 0).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** What one delivery of everything counts. */
export async function cleanPass(
  records: ShardRecord[],
  options: BenchOptions = {},
): Promise<Record<string, number | string>> {
  const bench = logBench(records, { ...options, limits: deltaLimits });
  await bench.deliver(records);
  return bench.counted();
}
