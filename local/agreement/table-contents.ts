import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { AggregatesTable as attributes, countedValue, itemId, keyOf } from '../../domain/counter-item';
import { isRecentKey } from '../../domain/recent-item';
import { uniqueKeyPrefix } from '../../domain/unique-item';
import type { Sketches } from './expected-sketches';
import { type Counters, countsOf } from './stream-contents';

export interface TableContents {
  readonly counters: Counters;
  /** Events of values for which an item had no room, by item. */
  readonly others: ReadonlyMap<string, number>;
  readonly sketches: Sketches;
}

/** Reads the whole aggregates table. */
export async function readTableContents(client: DynamoDBClient, tableName: string): Promise<TableContents> {
  const counters: Counters = new Map();
  const others = new Map<string, number>();
  const sketches = new Map<string, Map<string, Uint8Array>>();
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: tableName, ...(start ? { ExclusiveStartKey: start } : {}) }),
    );
    for (const item of page.Items ?? []) {
      const key = keyOf(item);
      // By them duplicates are told; nothing of them is counted.
      if (isRecentKey(key.pk)) continue;
      const id = itemId(key);
      if (id.startsWith(uniqueKeyPrefix)) {
        sketches.set(id, sketchesIn(item));
        continue;
      }
      const counts = countsOf(counters, id);
      for (const [attribute, { N }] of Object.entries(item)) {
        const value = countedValue(attribute);
        if (value !== undefined) counts.set(value, Number(N));
      }
      const other = item[attributes.other]?.N;
      if (other !== undefined) others.set(id, Number(other));
    }
    start = page.LastEvaluatedKey;
  } while (start);
  return { counters, others, sketches };
}

/** By attribute; every other attribute of an item with sketches is text or a number. */
function sketchesIn(item: Record<string, AttributeValue>): Map<string, Uint8Array> {
  return new Map(Object.entries(item).flatMap(([attribute, { B }]) => (B ? [[attribute, B] as const] : [])));
}
