import type { AttributeValue, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { AggregatesTable as attributes, keyAttributes } from '../../domain/counter-item';
import { sliceMs, slicesBackwards, slicesPerHorizon } from '../../domain/duplicates';
import type { RecentChunk } from '../../domain/recent-chunk';
import {
  decodeChunk,
  encodeChunk,
  recentAttribute,
  recentKey,
  recentPartitionKey,
} from '../../domain/recent-item';
import type { DynamoCalls } from './dynamo-calls';

export interface RecentEventsOptions {
  readonly tableName: string;
  /** The horizon; more than 0. */
  readonly deduplicationSeconds: number;
  /** Chunks outlive the stream's records, any of which may be delivered again. */
  readonly streamRetentionHours: number;
}

/** The chunks of recent events, an item each, as they stand in the aggregates table. */
export interface ChunksTable {
  /** Returns the sort key under which the chunk stands. */
  put(shard: string, chunk: RecentChunk, signal: AbortSignal): Promise<string>;
  /** Chunks of a shard, in one direction, as far as they are taken. */
  query(shard: string, range: Range, signal: AbortSignal): AsyncGenerator<KeptChunk>;
}

export interface KeptChunk {
  readonly sk: string;
  readonly chunk: RecentChunk;
}

/** Sort keys, both excluded. With `below` the last come first. */
export interface Range {
  readonly above: string;
  readonly below?: string;
}

export function dynamoChunks(
  calls: DynamoCalls,
  { tableName, deduplicationSeconds, streamRetentionHours }: RecentEventsOptions,
): ChunksTable {
  const slice = sliceMs(deduplicationSeconds);
  return {
    async put(shard, chunk, signal) {
      const key = recentKey(shard, slice, chunk);
      const end = (latestSlice(chunk) + 1) * slice;
      const horizonMs = (slicesPerHorizon + slicesBackwards) * slice;
      const expiresAt = Math.ceil((end + horizonMs) / 1_000) + streamRetentionHours * 3_600;
      await calls.put(
        {
          TableName: tableName,
          Item: {
            ...keyAttributes(key),
            [recentAttribute]: { B: encodeChunk(chunk) },
            [attributes.timeToLive]: { N: String(expiresAt) },
          },
        },
        signal,
      );
      return key.sk;
    },
    async *query(shard, range, signal) {
      let start: Record<string, AttributeValue> | undefined;
      do {
        const page = await calls.query(
          {
            TableName: tableName,
            ConsistentRead: true,
            ...rangeExpression(recentPartitionKey(shard, slice), range),
            ...(start ? { ExclusiveStartKey: start } : {}),
          },
          signal,
        );
        for (const item of page.Items ?? []) yield readItem(item);
        start = page.LastEvaluatedKey;
      } while (start);
    },
  };
}

function rangeExpression(partitionKey: string, { above, below }: Range): Partial<QueryCommandInput> {
  const names = { '#pk': attributes.partitionKey, '#sk': attributes.sortKey };
  const pk = { ':pk': { S: partitionKey } };
  if (below === undefined) {
    return {
      // A key must not be empty; no position sorts before a zero.
      KeyConditionExpression: '#pk = :pk AND #sk > :above',
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: { ...pk, ':above': { S: above || '0' } },
    };
  }
  return {
    // BETWEEN includes its bounds: `below` is no sort key of an item, `above` is read once more.
    KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :above AND :below',
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ...pk, ':above': { S: above || '0' }, ':below': { S: below } },
    ScanIndexForward: false,
  };
}

export function latestSlice({ hashesBySlice }: RecentChunk): number {
  return Math.max(...hashesBySlice.keys());
}

function readItem(item: Record<string, AttributeValue>): KeptChunk {
  const sk = item[attributes.sortKey]?.S ?? '';
  return { sk, chunk: decodeChunk(sk, item[recentAttribute]?.B ?? new Uint8Array()) };
}
