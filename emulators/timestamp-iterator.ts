import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';

interface IteratorRequest {
  readonly StreamName: string;
  readonly ShardId: string;
  readonly ShardIteratorType: string;
  /** Epoch seconds. */
  readonly Timestamp?: number;
}

interface Store {
  getStreamDb(name: string): { createReadStream(range: { gt: string; lt: string }): Readable };
}

type Action = (store: Store, request: IteratorRequest, callback: (...answer: unknown[]) => void) => void;

interface StoredRecord {
  readonly value: { readonly ApproximateArrivalTimestamp: number };
}

interface Keys {
  resolveShardId(shardId: string): { readonly shardIx: number };
  shardIxToHex(shardIx: number): string;
}

const fromKinesalite = createRequire(require.resolve('kinesalite'));

/**
 * Lets kinesalite answer GetShardIterator with AT_TIMESTAMP while the shard holds nothing that late: its own action
 * then never answers, and the caller waits for ever. Such an iterator starts at the end of the shard. To be called
 * before kinesalite is loaded, since it looks its actions up once.
 */
export function correctTimestampIterator(): void {
  const path = fromKinesalite.resolve('./actions/getShardIterator');
  const original = fromKinesalite(path) as Action;
  const { resolveShardId, shardIxToHex } = fromKinesalite('./db') as Keys;

  const corrected: Action = (store, request, callback) => {
    const { StreamName, ShardId, ShardIteratorType, Timestamp } = request;
    const isFuture = Timestamp !== undefined && Timestamp * 1000 > Date.now();
    if (ShardIteratorType !== 'AT_TIMESTAMP' || Timestamp === undefined || isFuture) {
      original(store, request, callback);
      return;
    }
    let range: { gt: string; lt: string };
    try {
      const { shardIx } = resolveShardId(ShardId);
      range = { gt: shardIxToHex(shardIx), lt: shardIxToHex(shardIx + 1) };
    } catch {
      original(store, request, callback);
      return;
    }
    let found = false;
    const records = store.getStreamDb(StreamName).createReadStream(range);
    records.on('data', ({ value }: StoredRecord) => {
      found ||= value.ApproximateArrivalTimestamp >= Timestamp;
    });
    records.on('error', callback);
    records.on('end', () => {
      const { Timestamp: _none, ...others } = request;
      original(store, found ? request : { ...others, ShardIteratorType: 'LATEST' }, callback);
    });
  };
  fromKinesalite.cache[path]!.exports = corrected;
}
