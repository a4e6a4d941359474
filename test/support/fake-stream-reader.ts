import type { Clock } from '../../local/clock';
import type { Shard, StartPosition, StreamReader, StreamRecord } from '../../local/stream-reader';

export interface PutOptions {
  readonly partitionKey?: string;
  /** Defaults to the clock's now. */
  readonly arrivedAt?: number;
}

export interface FakeStream {
  readonly reader: StreamReader;
  /** Every call of the reader, in order: `listShards`, `getIterator <shard> <position type>`, `read <shard>`. */
  readonly calls: readonly string[];
  put(shardId: string, data: string | Uint8Array, options?: PutOptions): StreamRecord;
  records(shardId: string): readonly StreamRecord[];
  addShard(shard: Shard): void;
  /** Closes a shard: a read that reaches its end has no next iterator. */
  close(shardId: string): void;
  split(shardId: string, left: string, right: string): void;
  merge(shardId: string, adjacentShardId: string, child: string): void;
  /** The next `times` calls of this operation reject with `error`. */
  failNext(operation: keyof StreamReader, error: Error, times?: number): void;
}

export interface FakeStreamOptions {
  readonly clock: Clock;
  readonly shardIds?: readonly string[];
  /** Records of one answer, whatever the caller's limit. */
  readonly maxRecordsPerRead?: number;
}

interface ShardState {
  readonly shard: Shard;
  readonly records: StreamRecord[];
  closed: boolean;
}

const ITERATOR_LIFE_MS = 5 * 60_000;
// As wide as a real one, which no double can hold.
const FIRST_SEQUENCE_NUMBER = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n;

export function named(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}

/** A stream in memory behind the reader's port, with sequence numbers that grow over all shards. */
export function createFakeStream(options: FakeStreamOptions): FakeStream {
  const { clock, shardIds = ['shardId-000000000000'], maxRecordsPerRead = 10_000 } = options;
  const shards = new Map<string, ShardState>();
  const calls: string[] = [];
  const failures: { operation: keyof StreamReader; error: Error }[] = [];
  let lastSequenceNumber = FIRST_SEQUENCE_NUMBER;

  const addShard = (shard: Shard) => {
    shards.set(shard.shardId, { shard, records: [], closed: false });
  };
  const state = (shardId: string) => {
    const found = shards.get(shardId);
    if (!found) throw named('ResourceNotFoundException', `Shard ${shardId} does not exist`);
    return found;
  };
  const close = (shardId: string) => {
    state(shardId).closed = true;
  };
  const failIfTold = (operation: keyof StreamReader) => {
    const index = failures.findIndex((failure) => failure.operation === operation);
    const [failure] = index < 0 ? [] : failures.splice(index, 1);
    if (failure) throw failure.error;
  };
  const iterator = (shardId: string, index: number) => JSON.stringify([shardId, index, clock.now()]);

  for (const shardId of shardIds) addShard({ shardId });

  const reader: StreamReader = {
    listShards: async () => {
      calls.push('listShards');
      failIfTold('listShards');
      return [...shards.values()].map(({ shard }) => shard);
    },
    getIterator: async (shardId, position) => {
      calls.push(`getIterator ${shardId} ${position.type}`);
      failIfTold('getIterator');
      return iterator(shardId, indexOf(state(shardId).records, position));
    },
    read: async (text, limit) => {
      const [shardId, index, issuedAt] = JSON.parse(text) as [string, number, number];
      calls.push(`read ${shardId}`);
      failIfTold('read');
      if (clock.now() - issuedAt > ITERATOR_LIFE_MS) {
        throw named('ExpiredIteratorException', 'Iterator expired.');
      }
      const { records, closed } = state(shardId);
      const found = records.slice(index, index + Math.min(limit, maxRecordsPerRead));
      const end = index + found.length;
      return closed && end === records.length
        ? { records: found }
        : { records: found, nextIterator: iterator(shardId, end) };
    },
  };

  return {
    reader,
    calls,
    addShard,
    close,
    put: (shardId, data, { partitionKey = 'visitor-1', arrivedAt = clock.now() } = {}) => {
      const target = state(shardId);
      if (target.closed) throw new Error(`${shardId} is closed`);
      lastSequenceNumber += 1n;
      const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
      const record = { sequenceNumber: `${lastSequenceNumber}`, partitionKey, data: bytes, arrivedAt };
      target.records.push(record);
      return record;
    },
    records: (shardId) => state(shardId).records,
    split: (shardId, left, right) => {
      close(shardId);
      addShard({ shardId: left, parentShardId: shardId });
      addShard({ shardId: right, parentShardId: shardId });
    },
    merge: (shardId, adjacentShardId, child) => {
      close(shardId);
      close(adjacentShardId);
      addShard({ shardId: child, parentShardId: shardId, adjacentParentShardId: adjacentShardId });
    },
    failNext: (operation, error, times = 1) => {
      for (let i = 0; i < times; i++) failures.push({ operation, error });
    },
  };
}

function indexOf(records: readonly StreamRecord[], position: StartPosition): number {
  const firstThat = (test: (record: StreamRecord) => boolean) => {
    const index = records.findIndex(test);
    return index < 0 ? records.length : index;
  };
  switch (position.type) {
    case 'TRIM_HORIZON':
      return 0;
    case 'LATEST':
      return records.length;
    case 'AT_TIMESTAMP':
      return firstThat((record) => record.arrivedAt >= position.timestamp);
    case 'AFTER_SEQUENCE_NUMBER':
      return firstThat((record) => BigInt(record.sequenceNumber) > BigInt(position.sequenceNumber));
  }
}
