import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { itemId } from '../../domain/counters/recount';
import { dynamoLogTable } from '../../table/log-table';
import { everyQuery } from '../../table/queries';
import { readView, type ViewedItem } from '../../table/view';

/** All that the aggregates table counts, by shard and address. */
export type TableContents = ReadonlyMap<string, ViewedItem>;

/** Reads everything that the table counts, what is pending in its logs included. */
export async function readTableContents(client: DynamoDBClient, tableName: string): Promise<TableContents> {
  const table = dynamoLogTable(client, tableName);
  const { items } = await readView(everyQuery(), { table, now: Date.now });
  return new Map(items.map((item) => [itemId(item.shardKey, item), item]));
}
