import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { AggregatesTable as attributes, keyOf, readSortKey } from '../domain/counter-item';
import { formatWindow, type WindowSize } from '../domain/window';

export type TableItem = Record<string, AttributeValue>;

export interface ReaderOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Epoch milliseconds; items whose time to live is over by then are left out, since DynamoDB deletes them late. */
  readonly now: () => number;
}

export interface WindowRange {
  readonly window: WindowSize | 'day';
  /** Epoch milliseconds; windows that start at or after this. Without it, from the first. */
  readonly from?: number;
  /** Epoch milliseconds; windows that start before this. Without it, to the last. */
  readonly to?: number;
}

/** The items of one partition key in the range, of all shards, in the order of their windows. */
export async function* windowItems(
  partitionKey: string,
  { window, from, to }: WindowRange,
  { client, tableName, now }: ReaderOptions,
): AsyncGenerator<TableItem> {
  let start: TableItem | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#pk': attributes.partitionKey, '#sk': attributes.sortKey },
        ExpressionAttributeValues: {
          ':pk': { S: partitionKey },
          // A sort key goes on after its window, so it is above the bare window: `from` is in, `to` is out.
          ':from': { S: from === undefined ? `${window}#` : `${window}#${ceilToSecond(from)}` },
          ':to': { S: to === undefined ? `${window}$` : `${window}#${ceilToSecond(to)}` },
        },
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    for (const item of page.Items ?? []) {
      if (Number(item[attributes.timeToLive]?.N ?? Number.POSITIVE_INFINITY) * 1000 > now()) yield item;
    }
    start = page.LastEvaluatedKey;
  } while (start);
}

/** Start of an item's window as ISO 8601; undefined for an item of another kind. */
export function windowOf(item: TableItem): string | undefined {
  return readSortKey(keyOf(item)).start || undefined;
}

/** Windows start at whole seconds, so a bound between two of them is as good as the later one. */
function ceilToSecond(at: number): string {
  return formatWindow(Math.ceil(at / 1000) * 1000);
}
