import {
  countedValue,
  keyOf,
  otherValue,
  partitionKey,
  readPartitionKey,
} from '../../../domain/counter-item';
import { notYetCounted, planWrite } from '../../../domain/counter-write';
import { type Entry, fold, type ItemRun } from '../../../domain/fold';
import { forEachConcurrently } from '../../../domain/function/concurrency';
import { aggregate } from '../../../lambda/aggregator/aggregate';
import { type CountersTable, dynamoCountersTable } from '../../../lambda/aggregator/counters-table';
import { never } from '../../never';
import { add, type Counters, countersIn, nameOf, shard } from '../counters';
import { concurrentRequests, type Item, type TableDesign } from '../design';
import type { TableCalls } from '../mortal-table';

/** As it is deployed, counters alone. */
export const product: TableDesign = {
  name: 'product',
  what: 'this design: buckets of counters',
  isExact: true,
  count: async (table, tableName, records) => {
    await aggregate({ shard, records }, countersTable(table, tableName), never);
  },
  read: readPacked,
};

/** The same with one item for a dimension and a window, as far as 400 KB reach. */
export const wideItem: TableDesign = {
  name: 'wide-item',
  what: 'floor: one wide item a dimension and window',
  isExact: true,
  count: async (table, tableName, records) => {
    const runs = new Map<string, EntriesOfItem & { entries: Entry[] }>();
    for (const { key, window, entries } of fold(shard, records).runs) {
      const pk = partitionKey(readPartitionKey(key).dimension, 0);
      const known = runs.get(`${pk} ${key.sk}`) ?? { key: { pk, sk: key.sk }, window, entries: [] };
      known.entries.push(...entries);
      runs.set(`${pk} ${key.sk}`, known);
    }
    const counters = countersTable(table, tableName);
    await forEachConcurrently([...runs.values()], concurrentRequests, async (run) => {
      run.entries.sort((a, b) => (a.position < b.position ? -1 : 1));
      await writeRun(run, counters);
    });
  },
  read: readPacked,
};

function countersTable(table: TableCalls, tableName: string): CountersTable {
  const noQuery = async () => {
    throw new Error('counters are not queried');
  };
  return dynamoCountersTable({ ...table, query: noQuery }, tableName, { minute: 35, hour: 400 });
}

type EntriesOfItem = Pick<ItemRun, 'key' | 'window' | 'entries'>;

async function writeRun({ key, window, entries }: EntriesOfItem, table: CountersTable): Promise<void> {
  let held: Parameters<typeof planWrite>[1];
  for (let rest: readonly Entry[] = entries; rest.length > 0; ) {
    const write = planWrite(rest, held);
    const result = await table.write(key, window, write, never);
    held = result.held;
    if (result.written) rest = rest.slice(write.entries);
    else if (held) rest = notYetCounted(rest, held.position);
  }
}

function readPacked(item: Item, counters: Counters): void {
  const of = countersIn(keyOf(item));
  for (const [attribute, { N }] of Object.entries(item)) {
    const value = attribute === 'other' ? otherValue : countedValue(attribute);
    if (value !== undefined) add(counters, nameOf({ ...of, value }), Number(N));
  }
}
