import { seededRandom } from '../../domain/numbers/random';
import type { OutgoingEvent } from '../../producer/client/outgoing-event';
import type { Packing } from '../../producer/client/packing/packer';
import { createProducer, type ProducerOptions } from '../../producer/client/producer';
import type { Receipt } from '../../producer/client/receipt';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock';
import { createFakeStream } from './fake-stream';

/** What one shard takes: two buckets that hold a second's worth, as Kinesis has them. */
function shardLimit(clock: VirtualClock, { bytes, records }: { bytes: number; records: number }) {
  const left = { bytes, records };
  let filledAt = clock.now();
  return {
    takes(size: number): boolean {
      const seconds = (clock.now() - filledAt) / 1000;
      filledAt = clock.now();
      left.bytes = Math.min(bytes, left.bytes + seconds * bytes);
      left.records = Math.min(records, left.records + seconds * records);
      if (left.bytes <= 0 || left.records <= 0) return false;
      left.bytes -= size;
      left.records--;
      return true;
    },
  };
}

function setUp(share: number, options: Partial<ProducerOptions> = {}) {
  const clock = createVirtualClock();
  const shards = 2;
  const limits = new Map(
    Array.from({ length: shards }, (_, shard) => [
      `shardId-00000000000${shard}`,
      shardLimit(clock, { bytes: share * 1_000_000, records: share * 1000 }),
    ]),
  );
  let isClosed = false;
  const stream = createFakeStream(shards, {
    delay: () => clock.sleep(10),
    verdict: () => ({
      fails: (_, shardId, size) => isClosed || !limits.get(shardId)!.takes(size),
    }),
  });
  const producer = createProducer({
    client: stream.client,
    streamName: 'clicks',
    clock,
    // With any other jitter, one run in fifty refuses twice as much as it takes.
    random: seededRandom('throttled').float,
    maxBufferedEvents: 3000,
    ...options,
  });
  const failed: Receipt[] = [];
  let most = 0;
  let number = 0;
  const event = (): OutgoingEvent => {
    const data = JSON.stringify({ number: number++, filler: ''.padEnd(370, '.') });
    return { data: Buffer.from(data), partitionKey: `visitor-${number % 5000}` };
  };
  /** Offers as much as there is room for. */
  const offerFor = async (ms: number) => {
    let isOver = false;
    const over = clock.sleep(ms).then(() => {
      isOver = true;
    });
    const offering = (async () => {
      while (!isOver) {
        if (!producer.hasRoom()) {
          await Promise.race([producer.room(), over]);
          continue;
        }
        void producer.send(event()).then((receipt) => receipt.accepted || failed.push(receipt));
        most = Math.max(most, producer.stats().outstanding);
      }
    })();
    await clock.until(offering);
  };
  const close = (closed: boolean) => {
    isClosed = closed;
  };
  return { clock, stream, producer, offerFor, close, failed, mostOutstanding: () => most };
}

describe('a producer on a throttled stream', () => {
  it.each<[Packing, number]>([
    ['none', 0.005],
    ['ndjson', 0.005],
    ['kpl', 0.005],
  ])(
    'goes as slowly as the stream for an hour, within its memory, and fails nothing: %s, %d of the quota',
    async (packing, share) => {
      const { clock, stream, producer, offerFor, failed, mostOutstanding } = setUp(share, { packing });

      await offerFor(3_600_000);
      await clock.until(producer.close());

      expect(failed).toEqual([]);
      const { produced, accepted, throttled, outstanding, ambiguous } = producer.stats();
      expect({ accepted, outstanding, ambiguous }).toEqual({
        accepted: produced,
        outstanding: 0,
        ambiguous: 0,
      });
      expect(mostOutstanding()).toBe(3000);
      // What the stream would take is taken, and not much more is tried.
      const taken = (records: readonly { readonly data: Buffer; readonly partitionKey: string }[]) =>
        packing === 'none'
          ? records.length / 1000
          : records.reduce((sum, { data, partitionKey }) => sum + data.length + partitionKey.length, 0) / 1e6;
      for (const { records } of stream.shards) {
        expect(taken(records) / (share * 3600)).toBeGreaterThan(0.85);
      }
      expect(throttled).toBeLessThan(2 * accepted);
    },
    60_000,
  );

  it('does not slow down for single refusals, which less would not prevent', async () => {
    const clock = createVirtualClock();
    const random = seededRandom('single refusals');
    const stream = createFakeStream(1, {
      delay: () => clock.sleep(5),
      verdict: () => ({ fails: () => random.chance(0.05) }),
    });
    const producer = createProducer({ client: stream.client, streamName: 'clicks', clock, packing: 'none' });
    const start = clock.now();
    for (let number = 0; number < 20_000; number++) {
      void producer.send({ data: Buffer.from(`{"n":${number}}`), partitionKey: `v${number}` });
    }
    await clock.until(producer.close());

    // 1,000 records a second, those that are sent again among them.
    expect((clock.now() - start) / 1000).toBeLessThan(1.1 * 21);
    expect(producer.stats()).toMatchObject({ accepted: 20_000, failed: 0 });
  });

  it('gives up nothing of a shard that takes a record in two seconds, however long it is tried', async () => {
    const { clock, producer, offerFor, failed } = setUp(0.0005, { packing: 'none' });

    await offerFor(60_000);
    await clock.until(producer.close());

    expect(failed).toEqual([]);
    expect(producer.stats().latencyMs.p99).toBeGreaterThan(1_000_000);
  });

  it('waits for a stream that takes nothing for four minutes', async () => {
    const { clock, producer, offerFor, close, failed } = setUp(0.5);

    await offerFor(10_000);
    close(true);
    await offerFor(240_000);
    close(false);
    await offerFor(10_000);
    await clock.until(producer.close());

    expect(failed).toEqual([]);
    expect(producer.stats().throttled).toBeGreaterThan(0);
  });

  it('gives up what it has tried for five minutes in which the shard took nothing, and not what still waits', async () => {
    const { clock, producer, offerFor, close, failed } = setUp(0.5, { packing: 'none' });
    await offerFor(10_000);
    close(true);
    const start = clock.now();
    await clock.untilTrue(() => failed.length > 0);

    expect(clock.now() - start).toBeGreaterThanOrEqual(299_000);
    expect(clock.now() - start).toBeLessThan(306_000);
    expect(failed[0]).toMatchObject({ reason: 'given_up', code: 'ProvisionedThroughputExceededException' });
    expect(failed.length).toBeLessThan(producer.stats().outstanding);
    close(false);
    await clock.until(producer.close());
    expect(producer.stats()).toMatchObject({ failed: failed.length, outstanding: 0 });
  });

  it('does not ask a stream that takes nothing more often than every few seconds', async () => {
    const { stream, offerFor, close } = setUp(0.5, { shardBudget: 'unlimited' });
    await offerFor(10_000);
    close(true);
    await offerFor(20_000);
    const before = stream.requests.length;
    await offerFor(200_000);

    // Two shards, each held for 2.5 s on average.
    expect(stream.requests.length - before).toBeLessThan(2 * 110);
    expect(stream.requests.length - before).toBeGreaterThan(40);
  });
});
