import { windowSizes } from '../../domain/counters/window';
import type { ShardRecord } from '../../domain/event/shard-lines';
import { type Appended, type Appender, type AppendOptions, createAppender } from '../../table/append';
import { type Compacted, type CompactOptions, type Compactor, createCompactor } from '../../table/compact';
import type { DynamoCalls } from '../../table/dynamo-calls';
import { type LogTable, logTable } from '../../table/log-table';
import { readView, type View, type WindowQuery } from '../../table/view';
import { createMemoryDynamo, type MemoryDynamo, type MemoryDynamoOptions } from './memory-dynamo';
import { neverAborted } from './never-aborted';
import { retentionDays as retentionOf } from './retention-factory';
import { arrival, shardKey } from './shard-records';

export const retentionDays = retentionOf({ minute: 7, hour: 90, day: 400 });
export const logDays = 14;

/** Every window of the total and of the pages. */
export const everyWindow: readonly WindowQuery[] = windowSizes.flatMap((size) => [
  { group: 'summary', buckets: 1, size },
  { group: 'page', buckets: 32, size },
]);

/** A table in memory, a clock, and whoever appends to it, compacts it and reads it. */
export interface LogBench {
  readonly dynamo: MemoryDynamo;
  readonly table: LogTable;
  readonly clock: { now: number };
  /** @param calls what it reaches the table by */
  appender(options?: Partial<AppendOptions>, calls?: DynamoCalls): Appender;
  compactor(options?: Partial<CompactOptions>, calls?: DynamoCalls): Compactor;
  /** Compacts what is there, however young. */
  compactAll(compactor?: Compactor): Promise<Compacted>;
  append(appender: Appender, records: readonly ShardRecord[], signal?: AbortSignal): Promise<Appended>;
  view(queries?: readonly WindowQuery[], calls?: DynamoCalls): Promise<View>;
}

export function createLogBench(options: MemoryDynamoOptions = {}): LogBench {
  const dynamo = createMemoryDynamo(options);
  const clock = { now: arrival + 60_000 };
  const now = () => clock.now;
  const table = logTable(dynamo, 'aggregates');
  let tokens = 0;
  const bench: LogBench = {
    dynamo,
    table,
    clock,
    appender: (settings = {}, calls = dynamo) =>
      createAppender(
        { table: logTable(calls, 'aggregates'), now, newToken: () => `token-${++tokens}` },
        {
          deduplicationSeconds: 0,
          uniques: [],
          minutesForDays: 0,
          logDays,
          ...settings,
        },
      ),
    compactor: (settings = {}, calls = dynamo) =>
      createCompactor(
        { table: logTable(calls, 'aggregates'), now },
        { retentionDays, compactionSeconds: 60, logDays, ...settings },
      ),
    compactAll: async (compactor = bench.compactor()) => {
      const entry = await table.entry(shardKey);
      return compactor.compact(entry!, true, neverAborted());
    },
    append: (appender, records, signal = neverAborted()) => appender.append(shardKey, records, signal),
    view: (queries = everyWindow, calls = dynamo) =>
      readView(queries, { table: logTable(calls, 'aggregates'), now }),
  };
  return bench;
}

/** What a view counts in all days, by dimension and value: `total:all`. */
export function daySums({ items }: View): Record<string, number> {
  const sums = new Map<string, number>();
  const add = (name: string, count: number) => sums.set(name, (sums.get(name) ?? 0) + count);
  for (const { size, content } of items) {
    if (size !== 'day') continue;
    for (const [dimension, { values, other }] of content.counts) {
      for (const [value, count] of values) add(`${dimension}:${value}`, count);
      if (other !== 0) add(`${dimension}:(other)`, other);
    }
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A view as it is compared: items by address, without the places, in one order. */
export function viewed({ items, shards }: View) {
  const listed = items.map(({ shardKey: shard, group, bucket, size, start, content }) => [
    `${shard} ${group}#${bucket} ${size} ${new Date(start).toISOString()}`,
    [...content.counts]
      .map(([dimension, { values, other, cut }]) => [
        dimension,
        { other, cut, values: Object.fromEntries([...values].sort()) },
      ])
      .sort(),
    [...content.sketches].map(([value, bytes]) => [value, Buffer.from(bytes).toString('hex')]).sort(),
  ]);
  return {
    items: listed.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    shards: [...shards].sort((a, b) => (a.shardKey < b.shardKey ? -1 : 1)),
  };
}

/** The sum of the values of a dimension in each window of it, over its buckets: `minute 2026-…`. */
export function sumsByWindow({ items }: View, dimension: string): Record<string, number> {
  const sums = new Map<string, number>();
  for (const { shardKey: shard, size, start, content } of items) {
    const counts = content.counts.get(dimension);
    if (!counts) continue;
    const id = `${shard} ${size} ${start}`;
    const sum = [...counts.values.values()].reduce((all, count) => all + count, counts.other);
    sums.set(id, (sums.get(id) ?? 0) + sum);
  }
  return Object.fromEntries([...sums].sort());
}
