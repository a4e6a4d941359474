/** Of a shard key, `stream/shardId`. */
export function shardIdOf(shardKey: string): string {
  return shardKey.slice(shardKey.indexOf('/') + 1);
}
