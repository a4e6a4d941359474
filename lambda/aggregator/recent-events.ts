import { sliceMs, slicesBackwards } from '../../domain/duplicates';
import { type Position, positionOf } from '../../domain/position';
import { maxChunkBytes, type RecentChunk } from '../../domain/recent-chunk';
import { RecentEvents } from '../../domain/recent-events';
import type { DuplicateRemoval } from './duplicate-removal';
import type { DynamoCalls } from './dynamo-calls';
import { dynamoChunks, latestSlice, type RecentEventsOptions } from './recent-chunks-table';
import { createShardCache } from './shard-cache';

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
  options: RecentEventsOptions,
  limits = defaultLimits,
): DuplicateRemoval {
  const table = dynamoChunks(calls, options);
  const slice = sliceMs(options.deduplicationSeconds);
  const cache = createShardCache<ShardMemory>(limits.cacheBytes, ({ events }) => events.bytes);

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
      for await (const { sk, chunk } of table.query(shard, { above: known.knownTo }, signal)) {
        learn(chunk);
        known.knownTo = sk;
        if (isEnough(chunk)) return false;
      }
      return true;
    };

    const isWarm = memory !== undefined;
    if (isWarm && (await readOn(() => itemsRead >= limits.chunksMissed))) return { memory: known, itemsRead };
    if (known.knownTo < start) {
      for await (const { chunk } of table.query(shard, { above: known.knownTo, below: start }, signal)) {
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
            const sk = await table.put(shard, chunk, signal);
            memory.events.learn(chunk);
            if (sk > memory.knownTo) memory.knownTo = sk;
          }
          return chunks.length;
        },
      };
    },
  };
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
