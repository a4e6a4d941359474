import type { AttributeValue, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { AggregatesTable as attributes, keyAttributes } from '../../domain/counter-item';
import { sliceMs, slicesBackwards, slicesPerHorizon } from '../../domain/duplicates';
import { type Position, positionOf } from '../../domain/position';
import { maxChunkBytes, type RecentChunk } from '../../domain/recent-chunk';
import { RecentEvents } from '../../domain/recent-events';
import {
  decodeChunk,
  encodeChunk,
  recentAttribute,
  recentKey,
  recentPartitionKey,
} from '../../domain/recent-item';
import type { DuplicateRemoval } from './duplicate-removal';
import type { DynamoCalls } from './dynamo-calls';
import { createShardCache } from './shard-cache';

export interface RecentEventsOptions {
  readonly tableName: string;
  /** The horizon; more than 0. */
  readonly deduplicationSeconds: number;
  /** Chunks outlive the stream's records, any of which may be delivered again. */
  readonly streamRetentionHours: number;
}

/** What bounds time and memory. The answers do not depend on any of it. */
export interface RecentEventsLimits {
  /** What an environment keeps of the shards that it has served. */
  readonly cacheBytes: number;
  /** Content of one item. */
  readonly chunkBytes: number;
  /** Chunks that other environments have written since a warm one was asked; beyond, it looks from the batch back. */
  readonly chunksMissed: number;
  /**
   * More valid events than one batch can hold. A chunk that begins before a batch and ends so many events behind
   * the batch's start does not exist.
   */
  readonly eventsOfABatch: number;
}

const defaultLimits: RecentEventsLimits = {
  // An eighth of the smallest function that the settings recommend.
  cacheBytes: 64 * 1024 * 1024,
  chunkBytes: maxChunkBytes,
  chunksMissed: 100,
  // 6 MiB of JSON with the data in base64, and 80 bytes for the smallest event.
  eventsOfABatch: 65_536,
};

/** What an environment knows of one shard: every chunk up to a sort key that is recent enough to matter. */
interface ShardMemory {
  readonly events: RecentEvents;
  /** Excluded; all below it, from what is too old, has been read. */
  knownTo: string;
}

/** The recent events of each shard as chunks in the aggregates table, one item a batch (docs/decisions/0080). */
export function dynamoRecentEvents(
  calls: DynamoCalls,
  { tableName, deduplicationSeconds, streamRetentionHours }: RecentEventsOptions,
  limits = defaultLimits,
): DuplicateRemoval {
  const slice = sliceMs(deduplicationSeconds);
  const cache = createShardCache<ShardMemory>(limits.cacheBytes, ({ events }) => events.bytes);

  const put = async (shard: string, chunk: RecentChunk, signal: AbortSignal): Promise<string> => {
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
  };

  /** Chunks of a shard, in one direction, as far as they are taken. */
  async function* query(
    shard: string,
    range: Range,
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly sk: string; readonly chunk: RecentChunk }> {
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
  }

  /** Reads what stands before a batch and is not known yet; chunks that end behind its start may begin before it. */
  async function read(
    shard: string,
    memory: ShardMemory | undefined,
    start: Position,
    oldest: number,
    signal: AbortSignal,
  ): Promise<{ readonly memory: ShardMemory; readonly itemsRead: number }> {
    const known = memory ?? { events: new RecentEvents(slice), knownTo: '' };
    let itemsRead = 0;
    const learn = (chunk: RecentChunk): void => {
      known.events.learn(chunk);
      itemsRead++;
    };
    /** Reads on from where it is known to, until there is nothing more or enough is said. */
    const readOn = async (isEnough: (chunk: RecentChunk) => boolean): Promise<boolean> => {
      for await (const { sk, chunk } of query(shard, { above: known.knownTo }, signal)) {
        learn(chunk);
        known.knownTo = sk;
        if (isEnough(chunk)) return false;
      }
      return true;
    };

    const isWarm = memory !== undefined;
    if (isWarm && (await readOn(() => itemsRead >= limits.chunksMissed))) return { memory: known, itemsRead };
    if (known.knownTo < start) {
      for await (const { chunk } of query(shard, { above: known.knownTo, below: start }, signal)) {
        learn(chunk);
        if (latestSlice(chunk) + slicesBackwards < oldest) break;
      }
      known.knownTo = start;
    }
    const behind = coverage(start);
    for (const chunk of known.events.chunksFrom(start)) behind.add(chunk);
    if (behind.events() < limits.eventsOfABatch) {
      await readOn((chunk) => behind.add(chunk) >= limits.eventsOfABatch);
    }
    return { memory: known, itemsRead };
  }

  return {
    async begin({ shard, records }, signal) {
      const start = positionOf(records[0]!.sequenceNumber, 0);
      const firstSlice = Math.floor(Math.min(...records.map(({ arrivedAt }) => arrivedAt)) / slice);
      const cached = cache.get(shard);
      const { memory, itemsRead } = await read(
        shard,
        cached?.events.canDecide(start) ? cached : undefined,
        start,
        RecentEvents.oldestFor(firstSlice),
        signal,
      );
      const filter = memory.events.begin(start);
      cache.set(shard, memory);
      return {
        isDuplicate: filter.isDuplicate,
        itemsRead,
        async remember(signal) {
          const chunks = filter.chunks(limits.chunkBytes);
          // One after the other: whoever finds a chunk may take it that those before it are there.
          for (const chunk of chunks) {
            const sk = await put(shard, chunk, signal);
            memory.events.learn(chunk);
            if (sk > memory.knownTo) memory.knownTo = sk;
          }
          return chunks.length;
        },
      };
    },
  };
}

/** Sort keys, both excluded. With `below` the last come first. */
interface Range {
  readonly above: string;
  readonly below?: string;
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

function latestSlice({ hashesBySlice }: RecentChunk): number {
  return Math.max(...hashesBySlice.keys());
}

/** Counts the events of chunks that do not overlap; they come by where they end. */
function coverage(start: Position) {
  let events = 0;
  let end = start;
  return {
    events: () => events,
    add: ({ first, last, hashesBySlice }: RecentChunk): number => {
      if (first < end) return events;
      for (const { length } of hashesBySlice.values()) events += length;
      end = last;
      return events;
    },
  };
}

function readItem(item: Record<string, AttributeValue>): {
  readonly sk: string;
  readonly chunk: RecentChunk;
} {
  const sk = item[attributes.sortKey]?.S ?? '';
  return { sk, chunk: decodeChunk(sk, item[recentAttribute]?.B ?? new Uint8Array()) };
}
