import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import {
  AggregatesTable as attributes,
  countedValue,
  otherValue,
  partitionKey,
} from '../domain/counter-item';
import { dimensionNamed } from '../domain/dimensions';
import { formatWindow, type WindowSize } from '../domain/window';

/** How often a value was counted in one window, over all shards. */
export interface AggregateRow {
  readonly dimension: string;
  readonly value: string;
  /** Start of the window as ISO 8601: `2026-01-31T09:30:00Z`. */
  readonly window: string;
  readonly count: number;
}

export interface AggregateQuery {
  readonly dimension: string;
  readonly window: WindowSize;
  /** Epoch milliseconds; windows that start at or after this. Without it, from the first. */
  readonly from?: number;
  /** Epoch milliseconds; windows that start before this. Without it, to the last. */
  readonly to?: number;
}

export interface ReaderOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  /** Epoch milliseconds; items whose time to live is over by then are left out, since DynamoDB deletes them late. */
  readonly now: () => number;
}

/**
 * Reads the aggregates: by window, and in a window the largest count first.
 *
 * @throws RangeError for a dimension that is not aggregated
 */
export async function readAggregates(query: AggregateQuery, options: ReaderOptions): Promise<AggregateRow[]> {
  const { buckets } = dimensionNamed(query.dimension);
  const items = await Promise.all(
    Array.from({ length: buckets }, (_, bucket) =>
      queryBucket(partitionKey(query.dimension, bucket), query, options),
    ),
  );
  const counts = new Map<string, Map<string, number>>();
  for (const item of items.flat()) addCounts(counts, item);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([window, values]) =>
      byCount(values).map(([value, count]) => ({ dimension: query.dimension, value, window, count })),
    );
}

/** The values with the largest counts over all windows of the rows; equal counts in the order of their values. */
export function topValues(rows: readonly AggregateRow[], top: number): Omit<AggregateRow, 'window'>[] {
  const sums = new Map<string, number>();
  for (const { value, count } of rows) sums.set(value, (sums.get(value) ?? 0) + count);
  const dimension = rows[0]?.dimension ?? '';
  return byCount(sums)
    .slice(0, top)
    .map(([value, count]) => ({ dimension, value, count }));
}

/** The coarsest window that can tell the range apart; it has the fewest items to read. */
export function coarsestWindow(from: number | undefined, to: number | undefined): WindowSize {
  const isWholeHour = (at: number | undefined): boolean => at === undefined || at % 3_600_000 === 0;
  return isWholeHour(from) && isWholeHour(to) ? 'hour' : 'minute';
}

async function queryBucket(
  bucketKey: string,
  { window, from, to }: AggregateQuery,
  { client, tableName, now }: ReaderOptions,
): Promise<Record<string, AttributeValue>[]> {
  const items: Record<string, AttributeValue>[] = [];
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
        ExpressionAttributeNames: { '#pk': attributes.partitionKey, '#sk': attributes.sortKey },
        ExpressionAttributeValues: {
          ':pk': { S: bucketKey },
          // A sort key goes on after its window, so it is above the bare window: `from` is in, `to` is out.
          ':from': { S: from === undefined ? `${window}#` : `${window}#${ceilToSecond(from)}` },
          ':to': { S: to === undefined ? `${window}$` : `${window}#${ceilToSecond(to)}` },
        },
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start);
  return items.filter(
    (item) => Number(item[attributes.timeToLive]?.N ?? Number.POSITIVE_INFINITY) * 1000 > now(),
  );
}

/** Windows start at whole seconds, so a bound between two of them is as good as the later one. */
function ceilToSecond(at: number): string {
  return formatWindow(Math.ceil(at / 1000) * 1000);
}

function addCounts(counts: Map<string, Map<string, number>>, item: Record<string, AttributeValue>): void {
  const window = item[attributes.sortKey]?.S?.split('#')[1];
  if (window === undefined) return;
  const values = counts.get(window) ?? new Map<string, number>();
  counts.set(window, values);
  for (const [attribute, { N }] of Object.entries(item)) {
    const value = attribute === attributes.other ? otherValue : countedValue(attribute);
    if (value !== undefined && N !== undefined) values.set(value, (values.get(value) ?? 0) + Number(N));
  }
}

function byCount(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
