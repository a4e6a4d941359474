import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { notYetCounted } from '../../../domain/counter-write';
import { forEachConcurrently } from '../../../domain/function/concurrency';
import { never } from '../../never';
import { add, type Counter, type CounterRun, type Counters, counterRuns, nameOf, sumOf } from '../counters';
import { concurrentRequests, type Item, type TableDesign } from '../design';
import type { TableCalls } from '../mortal-table';

/** One `ADD` for each event and counter, as most samples have it. */
export const updateEach: TableDesign = {
  name: 'update-each',
  what: 'one update a record and counter',
  isExact: false,
  count: async (table, tableName, records) => {
    await forEachConcurrently(records, concurrentRequests, async (record) => {
      for (const run of counterRuns([record])) await addOne(table, tableName, run);
    });
  },
  read: readCounter,
};

/** One `ADD` for each counter of a batch. */
export const addEach: TableDesign = {
  name: 'add-each',
  what: 'an item a counter, one ADD a batch',
  isExact: false,
  count: async (table, tableName, records) => {
    await forEachConcurrently(counterRuns(records), concurrentRequests, (run) =>
      addOne(table, tableName, run),
    );
  },
  read: readCounter,
};

/** The same where an item says up to where it has counted. */
export const itemEach: TableDesign = {
  name: 'item-each',
  what: 'the same, with a position in each item',
  isExact: true,
  count: async (table, tableName, records) => {
    await forEachConcurrently(counterRuns(records), concurrentRequests, (run) =>
      addOnce(table, tableName, run),
    );
  },
  read: readCounter,
};

export async function addOne(table: TableCalls, TableName: string, run: CounterRun): Promise<void> {
  await table.update(
    {
      TableName,
      Key: keyOf(run),
      UpdateExpression: 'ADD #count :count',
      ExpressionAttributeNames: { '#count': 'count' },
      ExpressionAttributeValues: { ':count': { N: String(sumOf(run)) } },
    },
    never,
  );
}

async function addOnce(table: TableCalls, TableName: string, run: CounterRun): Promise<void> {
  const [first, last] = [run.entries[0]!, run.entries.at(-1)!];
  try {
    await table.update(
      {
        TableName,
        Key: keyOf(run),
        UpdateExpression: 'SET #seq = :last ADD #count :count',
        ConditionExpression: 'attribute_not_exists(#seq) OR #seq < :first',
        ExpressionAttributeNames: { '#count': 'count', '#seq': 'seq' },
        ExpressionAttributeValues: {
          ':count': { N: String(sumOf(run)) },
          ':first': { S: first.position },
          ':last': { S: last.position },
        },
      },
      never,
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const { Item } = await table.get({ TableName, Key: keyOf(run), ConsistentRead: true }, never);
    const entries = notYetCounted(run.entries, Item!.seq!.S!);
    if (entries.length > 0) await addOnce(table, TableName, { ...run, entries });
  }
}

function keyOf({ dimension, window, value }: Counter): Item {
  return { pk: { S: `${dimension}#${value}` }, sk: { S: window } };
}

export function readCounter({ pk, sk, count }: Item, counters: Counters): void {
  const [dimension, ...value] = pk!.S!.split('#');
  if (count)
    add(counters, nameOf({ dimension: dimension!, window: sk!.S!, value: value.join('#') }), Number(count.N));
}
