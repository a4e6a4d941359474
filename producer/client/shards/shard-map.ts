import { hash } from 'node:crypto';

/** An open shard and the hash keys that it takes, both ends included. */
export interface Shard {
  readonly id: string;
  /** 32 hexadecimal digits in lower case, as `hashKeyOf` gives them: texts of one length compare like numbers. */
  readonly firstHash: string;
  readonly lastHash: string;
}

/** Which open shard takes which partition key. It never changes; after a resharding there is another one. */
export interface ShardMap {
  readonly shards: readonly Shard[];
  shardOf(partitionKey: string): Shard;
}

/** Where Kinesis places a partition key: the MD5 of its UTF-8 bytes (AWS docs: PutRecordsRequestEntry). */
export function hashKeyOf(partitionKey: string): string {
  return hash('md5', partitionKey);
}

/**
 * Throws when the shards' ranges leave a gap or overlap, as they may where a list was read in the middle of a
 * resharding: a key would have no shard, or two.
 */
export function createShardMap(listed: readonly Shard[]): ShardMap {
  const shards = listed.toSorted((a, b) => (a.lastHash < b.lastHash ? -1 : 1));
  let next = 0n;
  for (const { id, firstHash, lastHash } of shards) {
    if (BigInt(`0x${firstHash}`) !== next) {
      throw new Error(`the open shards do not cover the hash keys once: ${id} begins at 0x${firstHash}`);
    }
    next = BigInt(`0x${lastHash}`) + 1n;
  }
  if (next !== 2n ** 128n)
    throw new Error('the open shards do not cover the hash keys once: the end is open');
  const ends = shards.map(({ lastHash }) => lastHash);

  return {
    shards,
    shardOf(partitionKey) {
      const key = hashKeyOf(partitionKey);
      let low = 0;
      for (let high = ends.length - 1; low < high; ) {
        const middle = (low + high) >>> 1;
        if (ends[middle]! < key) low = middle + 1;
        else high = middle;
      }
      return shards[low]!;
    },
  };
}
