import type { OutgoingEvent } from '../../../producer/client/outgoing-event';
import { createProducer, type ProducerSettings } from '../../../producer/client/producer';
import { createVirtualClock } from '../../support/virtual-clock';
import { createFakeStream } from '../fake-stream';

/** Sends so many events of so many keys in turn, unpacked, to a stream that takes 10 ms for a request. */
async function send(count: number, keys: number, settings: ProducerSettings = {}) {
  const clock = createVirtualClock();
  const stream = createFakeStream(4, { delay: () => clock.sleep(5) });
  const { client } = stream;
  const producer = createProducer({
    ...{ client, clock, streamName: 'clicks', packing: 'none', shardBudget: 'unlimited' },
    ...settings,
  });
  const start = clock.now();
  const sending = (async () => {
    for (let index = 0; index < count; index++) {
      const event: OutgoingEvent = { data: Buffer.from(`{"n":${index}}`), partitionKey: `v-${index % keys}` };
      await producer.room();
      void producer.send(event);
    }
    await producer.close();
  })();
  await clock.until(sending);
  return { sizes: stream.requests.map(({ length }) => length), ms: clock.now() - start };
}

describe('unpacked, a request', () => {
  it('has all keys that are free, rather than those of one answer', async () => {
    const { sizes, ms } = await send(6000, 300);

    // Each key once in a round trip, and in one request.
    expect(sizes).toEqual(Array.from({ length: 20 }, () => 300));
    expect(ms).toBe(20 * 10);
  });

  it('has them as well when it is room that the events wait for', async () => {
    const { sizes } = await send(6000, 300, { maxBufferedEvents: 900 });

    expect(sizes.length).toBeLessThanOrEqual(25);
  });

  it('leaves beside others once it is full', async () => {
    const { sizes, ms } = await send(6000, 2000);

    expect(sizes).toEqual(Array.from({ length: 12 }, () => 500));
    expect(ms).toBe(30);
  });

  it('has the keys of several answers that come one after another', async () => {
    const clock = createVirtualClock();
    const delays: number[] = [];
    const stream = createFakeStream(1, {
      verdict: (request) => {
        delays.unshift(10 + request);
        return {};
      },
      delay: () => clock.sleep(delays.shift() ?? 0),
    });
    const producer = createProducer({
      ...{ client: stream.client, clock, streamName: 'clicks', packing: 'none', shardBudget: 'unlimited' },
    });
    for (let index = 0; index < 2000; index++) {
      const partitionKey = `v-${index}`;
      void producer.send({ data: Buffer.from('{"n":1}'), partitionKey });
      if (index % 5 === 0) void producer.send({ data: Buffer.from('{"n":2}'), partitionKey });
    }
    await clock.until(producer.close());

    expect(stream.requests.map(({ length }) => length)).toEqual([500, 500, 500, 500, 100, 300]);
  });

  it('leaves beside others once its events have waited long enough', async () => {
    const clock = createVirtualClock();
    const stream = createFakeStream(1, { delay: () => clock.sleep(10_000) });
    const producer = createProducer({
      ...{ client: stream.client, clock, streamName: 'clicks', packing: 'none', lingerMs: 70 },
    });
    void producer.send({ data: Buffer.from('{"n":1}'), partitionKey: 'v-1' });
    await clock.advance(80);
    void producer.send({ data: Buffer.from('{"n":2}'), partitionKey: 'v-2' });
    await clock.advance(60);
    expect(stream.requests).toHaveLength(1);
    await clock.advance(20);
    expect(stream.requests).toHaveLength(2);
    await clock.until(producer.close());
  });
});
