/** What a warm environment keeps by shard. */
export interface ShardCache<T> {
  get(shard: string): T | undefined;
  /** Lets go of the shards used longest ago while all of them together are too large; never of this one. */
  set(shard: string, value: T): void;
}

/** @param bytesOf of memory; asked anew each time, since what is kept grows */
export function createShardCache<T>(maxBytes: number, bytesOf: (value: T) => number): ShardCache<T> {
  const byUse = new Map<string, T>();
  return {
    get: (shard) => byUse.get(shard),
    set: (shard, value) => {
      byUse.delete(shard);
      byUse.set(shard, value);
      let bytes = 0;
      for (const kept of byUse.values()) bytes += bytesOf(kept);
      for (const [oldest, kept] of byUse) {
        if (bytes <= maxBytes || oldest === shard) return;
        byUse.delete(oldest);
        bytes -= bytesOf(kept);
      }
    },
  };
}
