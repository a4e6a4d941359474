import { GetRecordsCommand, GetShardIteratorCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { kinesisStreamPort, politePace } from '../../recover/history/stream-port';

const shardId = 'shardId-000000000002';
const error = (name: string) => Object.assign(new Error(name), { name });

interface Call {
  readonly at: number;
  readonly limit: number;
  readonly bytes: number;
}

/** A shard of records of some size, and a clock that only moves while somebody waits. */
function fakeShard(
  records: number,
  bytesEach: number,
  failing: (call: number) => string | undefined = () => undefined,
  arrivedAt: (record: number) => number = () => 900_000,
) {
  let now = 1_000_000;
  let seen = 0;
  const calls: Call[] = [];
  const iterators: unknown[] = [];
  const send = async (command: unknown) => {
    if (command instanceof GetShardIteratorCommand) {
      const { ShardIteratorType, StartingSequenceNumber } = command.input;
      iterators.push([ShardIteratorType, StartingSequenceNumber]);
      return { ShardIterator: StartingSequenceNumber ?? '0' };
    }
    if (!(command instanceof GetRecordsCommand)) throw new Error('an unexpected call');
    const name = failing(seen++);
    if (name !== undefined) throw error(name);
    const { ShardIterator, Limit = 10_000 } = command.input;
    const from = Number(ShardIterator);
    const page = Array.from({ length: Math.max(Math.min(Limit, records - from), 0) }, (_, index) => ({
      SequenceNumber: String(from + index + 1),
      Data: new Uint8Array(bytesEach),
      ApproximateArrivalTimestamp: new Date(arrivedAt(from + index)),
    }));
    calls.push({ at: now, limit: Limit, bytes: page.length * bytesEach });
    return { Records: page, NextShardIterator: String(from + page.length), MillisBehindLatest: 0 };
  };
  const options = {
    sleep: async (ms: number) => {
      now += ms;
    },
    now: () => now,
  };
  const client = { send } as unknown as KinesisClient;
  return {
    calls,
    iterators,
    read: async (isPaced = true) => {
      const pace = isPaced ? politePace : undefined;
      const found: string[] = [];
      const port = kinesisStreamPort(client, 'clicks', { pace, ...options });
      for await (const page of port.read(shardId, { arrivedAt: 7 })) {
        for (const { sequenceNumber } of page) found.push(sequenceNumber);
      }
      return found;
    },
  };
}

describe('A reader of a shard', () => {
  it.each([
    [200, 400],
    [60, 30_000],
    [40, 1_000_000],
  ])('leaves others more than half of its %d records of %d bytes', async (records, bytes) => {
    const shard = fakeShard(records, bytes);
    expect(await shard.read()).toHaveLength(records);

    const begin = shard.calls[0]!.at;
    const seconds = (shard.calls.at(-1)!.at - begin) / 1_000;
    const read = shard.calls.slice(0, -1).reduce((sum, call) => sum + call.bytes, 0);
    expect((shard.calls.length - 1) / seconds).toBeLessThanOrEqual(2);
    expect(read / seconds).toBeLessThanOrEqual(1024 * 1024);
    // The first call does not know how large they are.
    for (const call of shard.calls.slice(1))
      expect(call.bytes).toBeLessThanOrEqual(Math.max(512 * 1024, bytes));
    expect(shard.calls[0]!.bytes).toBeLessThanOrEqual(10 * bytes);
  });

  it('does not wait where nothing throttles', async () => {
    const shard = fakeShard(500, 400);
    expect(await shard.read(false)).toHaveLength(500);
    expect(new Set(shard.calls.map(({ at }) => at)).size).toBe(1);
  });

  it('repeats what is refused for its throughput', async () => {
    const shard = fakeShard(30, 400, (call) =>
      call < 3 ? 'ProvisionedThroughputExceededException' : undefined,
    );
    expect(await shard.read()).toHaveLength(30);
  });

  it('goes on where it stood when its iterator has expired', async () => {
    const shard = fakeShard(30, 400, (call) => (call === 1 ? 'ExpiredIteratorException' : undefined));
    expect(await shard.read()).toEqual(Array.from({ length: 30 }, (_, index) => String(index + 1)));
    expect(shard.iterators).toEqual([
      ['AT_TIMESTAMP', undefined],
      ['AFTER_SEQUENCE_NUMBER', '10'],
    ]);
  });

  it.each([0, 1])('finds no more in a shard that is gone, at call %d', async (gone) => {
    const shard = fakeShard(30, 400, (call) => (call === gone ? 'ResourceNotFoundException' : undefined));
    expect(await shard.read()).toHaveLength(gone * 10);
  });

  it('ends at what has arrived since it began, in a shard that is written to all the time', async () => {
    const endless = Number.MAX_SAFE_INTEGER;
    const shard = fakeShard(endless, 400, undefined, (record) => 999_000 + record);
    const found = await shard.read();

    expect(found.length).toBeGreaterThan(1_000);
    expect(found.length).toBeLessThan(5_000);
  });

  it('hands on whatever else fails', async () => {
    const shard = fakeShard(30, 400, () => 'AccessDeniedException');
    await expect(shard.read()).rejects.toThrow('AccessDeniedException');
  });
});
