import { named } from '../../support/fake-stream-reader';
import { createWorld, SHARD, type World } from './harness';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const LEFT = 'shardId-000000000001';
const RIGHT = 'shardId-000000000002';
const CHILD = 'shardId-000000000003';

const callsOf = (world: World, call: string) => world.stream.calls.filter((text) => text.startsWith(call));

describe('reading begins', () => {
  it('at the creation of the delivery stream: what arrived before stays where it is', async () => {
    const world = createWorld();
    world.stream.put(SHARD, 'before');
    await world.clock.advance(1);
    const delivery = await world.start();
    world.stream.put(SHARD, 'after');
    await world.clock.until(delivery.drain());
    expect(world.text('data/')).toBe('<after>');
  });

  it('at that creation still, when a restart comes before anything was delivered', async () => {
    const world = createWorld();
    world.stream.put(SHARD, 'before');
    await world.clock.advance(1);
    const first = await world.start();
    world.stream.put(SHARD, 'buffered');
    await world.clock.advance(5 * SECOND);
    await world.clock.until(first.stop());
    await world.clock.advance(MINUTE);
    const second = await world.start();
    expect(second.createdAt).toBe(first.createdAt);
    await world.clock.until(second.drain());
    expect(world.text('data/')).toBe('<buffered>');
  });

  it('after the checkpoint when something was delivered, so that a clean restart delivers nothing twice', async () => {
    const world = createWorld();
    const first = await world.start();
    world.stream.put(SHARD, 'a');
    await world.clock.until(first.drain());
    await world.clock.until(first.stop());
    world.stream.put(SHARD, 'b');
    const second = await world.start();
    await world.clock.until(second.drain());
    expect(world.text('data/')).toBe('<a><b>');
    expect(callsOf(world, 'getIterator')).toEqual([
      `getIterator ${SHARD} AT_TIMESTAMP`,
      `getIterator ${SHARD} AFTER_SEQUENCE_NUMBER`,
    ]);
  });

  it('only once the creation is kept, and keeps trying to list the shards until then', async () => {
    const world = createWorld();
    world.stream.failNext('listShards', named('LimitExceededException'), 4);
    await world.start();
    expect(world.checkpoints.writes).toEqual([
      {
        key: 'delivery-stream/click-archive',
        value: {
          createdAt: Date.parse('2026-03-01T10:00:00.000Z'),
          shards: { [SHARD]: { from: 'creation' } },
        },
      },
    ]);
  });
});

describe('a shard', () => {
  it('is read once a second while nothing waits', async () => {
    const world = createWorld();
    await world.start();
    await world.clock.advance(30 * SECOND);
    expect(callsOf(world, `read ${SHARD}`)).toHaveLength(31);
  });

  it('is read on at once while answers are full', async () => {
    const world = createWorld();
    const delivery = await world.start({ readLimit: 3 });
    for (let i = 0; i < 20; i++) world.stream.put(SHARD, `${i}`);
    await world.clock.advance(SECOND);
    expect(delivery.status().bufferedRecords).toBe(20);
  });

  it('is read from where it was when its iterator has expired', async () => {
    let unblock = () => {};
    const world = createWorld({
      handler: async ({ records }) => {
        await new Promise<void>((resolve) => {
          unblock = resolve;
        });
        return {
          kind: 'returned',
          payload: { records: records.map((r) => ({ ...r, result: 'Ok' })) },
          payloadBytes: 9,
        };
      },
    });
    const delivery = await world.start();
    world.stream.put(SHARD, 'a');
    await world.clock.advance(21 * SECOND);
    await world.clock.advance(6 * MINUTE);
    unblock();
    world.stream.put(SHARD, 'b');
    await world.clock.advance(25 * SECOND);
    unblock();
    await world.clock.until(delivery.drain());
    expect(callsOf(world, 'getIterator')).toEqual([
      `getIterator ${SHARD} AT_TIMESTAMP`,
      `getIterator ${SHARD} AFTER_SEQUENCE_NUMBER`,
    ]);
    expect(world.text('data/')).toBe('ab');
    expect(world.events.filter(({ kind }) => kind === 'stream-call-failed')).toHaveLength(0);
  });

  it('is tried again for ever when reading fails, and loses nothing by it', async () => {
    const world = createWorld();
    const delivery = await world.start();
    world.stream.put(SHARD, 'a');
    world.stream.failNext('read', named('ProvisionedThroughputExceededException'), 50);
    world.stream.failNext('getIterator', named('InternalFailure'), 20);
    await world.clock.until(delivery.drain());
    expect(world.text('data/')).toBe('<a>');
  });

  it('still hands over what it has while reading fails', async () => {
    const world = createWorld();
    await world.start();
    world.stream.put(SHARD, 'a');
    await world.clock.advance(SECOND);
    world.stream.failNext('read', named('InternalFailure'), 1_000);
    await world.clock.advance(2 * MINUTE);
    expect(world.text('data/')).toBe('<a>');
  });
});

describe('resharding', () => {
  it('finishes the parents and reads the children from their start', async () => {
    const world = createWorld();
    const delivery = await world.start();
    world.stream.put(SHARD, 'parent');
    world.stream.split(SHARD, LEFT, RIGHT);
    world.stream.put(LEFT, 'left');
    world.stream.put(RIGHT, 'right');
    world.stream.merge(LEFT, RIGHT, CHILD);
    world.stream.put(CHILD, 'child');
    await world.clock.until(delivery.drain());
    expect(world.text('data/').split(/(?=<)/).sort()).toEqual(['<child>', '<left>', '<parent>', '<right>']);
    expect(callsOf(world, 'getIterator').slice(1).sort()).toEqual(
      [LEFT, RIGHT, CHILD].map((shardId) => `getIterator ${shardId} TRIM_HORIZON`),
    );
  });

  it('finds the children when the parent ends, before the shards are listed anyway', async () => {
    const world = createWorld();
    await world.start({ shardListIntervalMs: 60 * MINUTE });
    await world.clock.advance(5 * SECOND);
    world.stream.split(SHARD, LEFT, RIGHT);
    await world.clock.advance(2 * SECOND);
    expect(callsOf(world, 'read').slice(-2).sort()).toEqual([`read ${LEFT}`, `read ${RIGHT}`]);
  });

  it('finds a shard that no ended parent announces by listing the shards', async () => {
    const world = createWorld();
    await world.start();
    world.stream.addShard({ shardId: CHILD });
    world.stream.put(CHILD, 'child');
    await world.clock.advance(31 * SECOND);
    expect(callsOf(world, `read ${CHILD}`)).not.toHaveLength(0);
  });

  it('does not read a finished shard again after a restart', async () => {
    const world = createWorld();
    const first = await world.start();
    world.stream.put(SHARD, 'parent');
    world.stream.split(SHARD, LEFT, RIGHT);
    await world.clock.until(first.drain());
    await world.clock.until(first.stop());
    const before = callsOf(world, `getIterator ${SHARD}`).length;
    const second = await world.start();
    world.stream.put(LEFT, 'left');
    await world.clock.until(second.drain());
    expect(callsOf(world, `getIterator ${SHARD}`)).toHaveLength(before);
    expect(world.text('data/')).toBe('<parent><left>');
  });

  it('is not over for a shard whose last records are not in S3: a restart reads them again', async () => {
    const world = createWorld();
    const first = await world.start();
    world.stream.put(SHARD, 'last words');
    world.stream.split(SHARD, LEFT, RIGHT);
    await world.clock.advance(30 * SECOND);
    await world.clock.until(first.stop());
    const second = await world.start();
    await world.clock.until(second.drain());
    expect(world.text('data/')).toBe('<last words>');
  });
});

describe('a drain', () => {
  it('delivers at once all that was in the stream, over several reads', async () => {
    const world = createWorld({ maxRecordsPerRead: 2 });
    const delivery = await world.start();
    for (let i = 0; i < 9; i++) world.stream.put(SHARD, `${i}`);
    const before = world.clock.now();
    await world.clock.until(delivery.drain());
    expect(world.text('data/')).toBe('<0><1><2><3><4><5><6><7><8>');
    expect(world.clock.now() - before).toBeLessThan(SECOND);
  });

  it('ends although a producer goes on', async () => {
    const world = createWorld();
    const delivery = await world.start();
    let stopped = false;
    const produce = async () => {
      while (!stopped) {
        world.stream.put(SHARD, 'x');
        await world.clock.sleep(1);
      }
    };
    const producing = produce();
    await world.clock.advance(10 * SECOND);
    await world.clock.until(delivery.drain(), MINUTE);
    expect(delivery.status().deliveredRecords).toBeGreaterThanOrEqual(10_000);
    stopped = true;
    await world.clock.until(producing);
  });

  it('can be asked for twice at the same time, and again later', async () => {
    const world = createWorld();
    const delivery = await world.start();
    world.stream.put(SHARD, 'a');
    await world.clock.until(Promise.all([delivery.drain(), delivery.drain()]));
    world.stream.put(SHARD, 'b');
    await world.clock.until(delivery.drain());
    expect(world.text('data/')).toBe('<a><b>');
  });

  it('goes on where buffers are held back, by storing what they have', async () => {
    const world = createWorld();
    const delivery = await world.start({ maxHeldBytes: 10, readLimit: 2 });
    for (let i = 0; i < 12; i++) world.stream.put(SHARD, `record ${i}`);
    await world.clock.until(delivery.drain(), MINUTE);
    expect(delivery.status().deliveredRecords).toBe(12);
  });

  it('is refused by a delivery stream that has stopped', async () => {
    const world = createWorld();
    const delivery = await world.start();
    await world.clock.until(delivery.stop());
    await expect(world.clock.until(delivery.drain())).rejects.toThrow(
      'click-archive stopped before it was drained',
    );
    expect(world.clock.pending()).toBe(0);
  });
});

describe('a stop', () => {
  it('leaves nothing waiting and delivers nothing more', async () => {
    const world = createWorld();
    const delivery = await world.start();
    world.stream.put(SHARD, 'a');
    await world.clock.advance(25 * SECOND);
    expect(world.transformer.events).toHaveLength(1);
    const calls = world.stream.calls.length;
    await world.clock.until(delivery.stop());
    await world.clock.settle();
    expect(world.clock.pending()).toBe(0);
    expect(world.stream.calls).toHaveLength(calls);
    expect(world.objects.keys()).toHaveLength(0);
  });
});
