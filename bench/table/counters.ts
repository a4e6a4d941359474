import { type CounterKey, readPartitionKey, readSortKey } from '../../domain/counter-item';
import { type Entry, fold, type ShardRecord } from '../../domain/fold';

export const shard = 'clicks/shardId-000000000000';

/** What designs count, by name: `page#minute#2026-01-01T12:00:00Z#/pricing`. */
export type Counters = Map<string, number>;

/** One counter, as some event or batch adds to it. */
export interface Counter {
  readonly dimension: string;
  /** `minute#2026-01-01T12:00:00Z`. */
  readonly window: string;
  readonly value: string;
}

/** What events add to a counter, in the order of the shard. */
export interface CounterRun extends Counter {
  readonly entries: readonly Entry[];
}

export function nameOf({ dimension, window, value }: Counter): string {
  return `${dimension}#${window}#${value}`;
}

/** Which counters an item has. */
export function countersIn(key: CounterKey): Omit<Counter, 'value'> {
  const { window, start } = readSortKey(key);
  return { dimension: readPartitionKey(key).dimension, window: `${window}#${start}` };
}

/** All designs read records alike, with the product's parser. */
export function counterRuns(records: readonly ShardRecord[]): CounterRun[] {
  const runs = new Map<string, CounterRun & { readonly entries: Entry[] }>();
  for (const run of fold(shard, records).runs) {
    const of = countersIn(run.key);
    for (const entry of run.entries) {
      const counter = { ...of, value: entry.value };
      const known = runs.get(nameOf(counter)) ?? { ...counter, entries: [] };
      known.entries.push(entry);
      runs.set(nameOf(counter), known);
    }
  }
  return [...runs.values()];
}

export function countersOf(records: readonly ShardRecord[]): Counters {
  const counters: Counters = new Map();
  for (const run of counterRuns(records)) add(counters, nameOf(run), sumOf(run));
  return counters;
}

export function sumOf({ entries }: CounterRun): number {
  return entries.reduce((sum, { count }) => sum + count, 0);
}

export function add(counters: Counters, name: string, count: number): void {
  counters.set(name, (counters.get(name) ?? 0) + count);
}
