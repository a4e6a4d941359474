import type { OutgoingEvent } from '../../producer/client/outgoing-event';
import { createProducer, type ProducerOptions } from '../../producer/client/producer';
import type { Receipt } from '../../producer/client/receipt';
import { createVirtualClock } from '../support/virtual-clock';
import { createFakeStream, type FakeStream, type FakeStreamPorts } from './fake-stream';

function events(count: number, keys: number, bytes = 400): OutgoingEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    data: Buffer.from(JSON.stringify({ index, filler: ''.padEnd(bytes - 30, '.') })),
    partitionKey: `visitor-${index % keys}`,
  }));
}

function setUp(shards: number, ports: FakeStreamPorts = {}, options: Partial<ProducerOptions> = {}) {
  const clock = createVirtualClock();
  const stream = createFakeStream(shards, { delay: () => clock.sleep(5), ...ports });
  const producer = createProducer({
    client: stream.client,
    streamName: 'clicks',
    clock,
    random: () => 0.5,
    packing: 'ndjson',
    ...options,
  });
  const sendAll = async (all: readonly OutgoingEvent[]) => {
    const receipts = all.map((event) => producer.send(event));
    await clock.until(producer.flush());
    return Promise.all(receipts);
  };
  return { clock, stream, producer, sendAll };
}

const storedRecords = ({ shards }: FakeStream) => shards.flatMap(({ records }) => records);
const seconds = (from: number, to: number) => (to - from) / 1000;

describe('the producer with packing', () => {
  it('packs as NDJSON into records of one PUT unit', async () => {
    const { sendAll, stream, producer } = setUp(2);

    const receipts = await sendAll(events(1000, 200));

    const sizes = storedRecords(stream).map(({ data, partitionKey }) => data.length + partitionKey.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(25_000);
    expect(Math.max(...sizes)).toBeGreaterThan(24_000);
    expect(storedRecords(stream).length).toBeLessThan(30);
    expect(producer.stats()).toMatchObject({ accepted: 1000, records: storedRecords(stream).length });
    expect(receipts.every(({ accepted }) => accepted)).toBe(true);
  });

  it('names the index in the record, shared by shard and sequence number', async () => {
    const { sendAll } = setUp(1);

    const receipts = await sendAll(events(3, 3, 40));

    expect(receipts).toEqual(
      [0, 1, 2].map((subSequenceNumber) => ({
        accepted: true,
        shardId: 'shardId-000000000000',
        sequenceNumber: '1',
        subSequenceNumber,
        httpStatus: 200,
        attempts: 1,
      })),
    );
  });

  it.each(['none', 'ndjson', 'kpl'] as const)(
    'sends a lone event as it is, with its own key, for packing %s',
    async (packing) => {
      const { sendAll, stream } = setUp(3, {}, { packing });
      const [lone] = events(1, 1);

      await sendAll([lone!]);

      expect(storedRecords(stream)).toMatchObject([{ partitionKey: 'visitor-0', data: lone!.data }]);
    },
  );

  it('packs only the events of one key together where it may not list the shards, and says so once', async () => {
    const told: string[] = [];
    const { sendAll, stream } = setUp(
      2,
      { deniesListing: true },
      { onShardsUnknown: ({ name }) => told.push(name) },
    );

    await sendAll(events(60, 6));
    await sendAll(events(60, 6));

    expect(told).toEqual(['AccessDeniedException']);
    expect(storedRecords(stream)).toHaveLength(12);
    for (const { data, partitionKey } of storedRecords(stream)) {
      const keys = data
        .toString()
        .split('\n')
        .map((line) => `visitor-${(JSON.parse(line) as { index: number }).index % 6}`);
      expect(new Set(keys)).toEqual(new Set([partitionKey]));
    }
  });

  it('follows a resharding that an answer reveals', async () => {
    const { sendAll, stream } = setUp(1);
    await sendAll(events(10, 10));
    stream.split('shardId-000000000000');
    await sendAll(events(10, 10));
    await sendAll(events(10, 10));

    // The first list, and one more; from then on each half has a record of its own.
    expect(stream.lists()).toBe(2);
    expect(stream.shards.map(({ records }) => records.length)).toEqual([1, 1, 2]);
  });

  it('offers each shard no more than its budget', async () => {
    const { sendAll, stream, clock, producer } = setUp(2, {}, { packing: 'none', maxBufferedEvents: 10_000 });
    const start = clock.now();

    await sendAll(events(6000, 3000, 40));

    const [left, right] = stream.shards.map(({ records }) => records.length);
    // A second's worth goes at once, then 1,000 records a second.
    expect(seconds(start, clock.now())).toBeGreaterThanOrEqual(Math.max(left!, right!) / 1000 - 1);
    expect(seconds(start, clock.now())).toBeLessThan(Math.max(left!, right!) / 1000 - 1 + 0.3);
    expect(producer.stats().throttled).toBe(0);
  });

  it('counts what each shard refused, offers that shard less, and spares the others', async () => {
    // The right shard takes 200 records a second: other producers write to it too.
    let window = 0;
    let taken = 0;
    const limited = (shardId: string) => {
      if (shardId !== 'shardId-000000000001') return false;
      const second = Math.floor(clock.now() / 1000);
      if (second !== window) taken = 0;
      window = second;
      return ++taken > 200;
    };
    const { sendAll, clock, producer } = setUp(
      2,
      { verdict: () => ({ fails: (_, shardId) => limited(shardId) }) },
      { packing: 'none', maxAttempts: 50 },
    );

    const receipts = await sendAll(events(6000, 6000, 40));

    const { throttled, throttledByShard, accepted, failed } = producer.stats();
    expect({ accepted, failed }).toEqual({ accepted: 6000, failed: 0 });
    expect(throttledByShard).toEqual({ 'shardId-000000000001': throttled });
    // Without the adaptive limit it is offered five times of what it takes.
    expect(throttled).toBeLessThan(6000);
    const attempts = (shard: string) =>
      receipts.filter((receipt) => receipt.accepted && receipt.shardId === shard).map(attemptsOf);
    expect(Math.max(...attempts('shardId-000000000000'))).toBe(1);
  });

  it('keeps a key’s events waiting while one of them is under way, and no other key’s', async () => {
    const { stream, clock, producer } = setUp(1, { delay: () => clock.sleep(1000) }, { packing: 'none' });
    const [first, second, other] = events(3, 2);

    void producer.send(first!);
    await clock.advance(60);
    void producer.send({ ...second!, partitionKey: first!.partitionKey });
    void producer.send({ ...other!, partitionKey: 'visitor-1' });
    await clock.advance(1055);
    expect(stream.requests.map((request) => request.map(({ partitionKey }) => partitionKey))).toEqual([
      ['visitor-0'],
      ['visitor-1'],
    ]);
    await clock.until(producer.close());
    expect(stream.requests).toHaveLength(3);
  });
});

function attemptsOf({ attempts }: Receipt): number {
  return attempts;
}
