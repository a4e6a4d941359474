import type { SplunkSpec } from '../../../../local/deployment';
import { createSplunk } from '../../../../local/firehose/destinations/splunk';
import { createHecReceiver, type HecOptions } from '../../../support/hec-receiver';
import { createWorld, encoded, SHARD } from '../harness';

const destination: SplunkSpec = {
  kind: 'splunk',
  bufferSizeMiB: 2,
  bufferIntervalSeconds: 9,
  retrySeconds: 10,
  endpoint: 'raw',
  acknowledgementSeconds: 200,
};

function createSplunkWorld(options: HecOptions = {}) {
  const receiver = createHecReceiver(options);
  const world = createWorld({
    spec: { destination },
    destination: (clock) =>
      createSplunk(destination, {
        endpoint: new URL('https://hec.example:8088'),
        token: 'hec-token',
        exchange: receiver.exchange,
        clock,
        uuid: () => '11111111-2222-4333-8444-555555555555',
      }),
  });
  return { world, receiver };
}

describe('A delivery stream to Splunk', () => {
  it('posts what it has as it is, and delivers it when it is told that it is indexed', async () => {
    const { world, receiver } = createSplunkWorld({ asksUntilIndexed: () => 4 });
    const delivery = await world.start();
    world.stream.put(SHARD, 'one');
    world.stream.put(SHARD, 'two');
    const drained = delivery.drain();
    await world.clock.untilTrue(() => receiver.deliveries.length === 1);
    expect([receiver.indexed, delivery.status().deliveredRecords]).toEqual([[], 0]);
    await world.clock.until(drained);
    expect(receiver.indexed).toEqual(['<one><two>']);
    expect(receiver.violations).toEqual([]);
    expect(delivery.status()).toMatchObject({ deliveredRecords: 2, lagMs: 0 });
    expect(world.objects.keys('')).toEqual([]);
    await world.clock.until(delivery.stop());
  });

  it('sends again what is not acknowledged in time, although it may have been indexed', async () => {
    const { world, receiver } = createSplunkWorld({
      asksUntilIndexed: (count) => (count === 1 ? Number.POSITIVE_INFINITY : 1),
    });
    const delivery = await world.start();
    world.stream.put(SHARD, 'unsure');
    const startedAt = world.clock.now();
    await world.clock.until(delivery.drain());
    expect(receiver.deliveries).toEqual(['<unsure>', '<unsure>']);
    expect(receiver.indexed).toEqual(['<unsure>']);
    expect(world.clock.now() - startedAt).toBeGreaterThanOrEqual(201_000);
    await world.clock.until(delivery.stop());
  });

  it('keeps what is never acknowledged, in the form of Splunk’s error records', async () => {
    const { world, receiver } = createSplunkWorld({ asksUntilIndexed: () => Number.POSITIVE_INFINITY });
    const delivery = await world.start();
    world.stream.put(SHARD, 'lost?');
    await world.clock.until(delivery.drain());
    // The retries last 10 s from the first time-out on: the second attempt begins within them, and ends long after.
    expect(receiver.deliveries).toHaveLength(2);
    expect(world.objects.keys('errors/')[0]).toMatch(/^errors\/splunk-failed\//);
    const [document] = world.errorDocuments();
    expect(Object.keys(document!)).toEqual([
      'attemptsMade',
      'arrivalTimestamp',
      'errorCode',
      'errorMessage',
      'attemptEndingTimestamp',
      'rawData',
      'EventId',
    ]);
    expect(document).toMatchObject({
      attemptsMade: 2,
      errorCode: 'Splunk.AckTimeout',
      rawData: encoded('<lost?>'),
      EventId: expect.stringMatching(/^\d+\.0$/),
    });
    await world.clock.until(delivery.stop());
  });

  const answer = (status: number, code: number) => ({ status, body: { text: 'no', code } });
  it.each([
    ['Splunk.InvalidToken', answer(403, 4)],
    ['Splunk.DisabledToken', answer(403, 1)],
    ['Splunk.InvalidDataFormat', answer(400, 6)],
    ['Splunk.InvalidIndex', answer(400, 7)],
    ['Splunk.ServerError', answer(503, 9)],
    ['Splunk.ServerError', { status: 502, body: {} }],
  ])('tells %s by the answer %j, and repeats it', async (code, refusal) => {
    const { world, receiver } = createSplunkWorld({ refuse: (count) => (count < 3 ? refusal : undefined) });
    const delivery = await world.start();
    world.stream.put(SHARD, 'again');
    await world.clock.until(delivery.drain());
    expect(receiver.indexed).toEqual(['<again>']);
    expect(world.events).toContainEqual({ kind: 'delivery-failed', attempt: 2, records: 1, code });
    await world.clock.until(delivery.stop());
  });

  it('wants a token with acknowledgement', async () => {
    const { world, receiver } = createSplunkWorld({ acknowledges: false });
    const delivery = await world.start();
    world.stream.put(SHARD, 'unheard');
    await world.clock.until(delivery.drain());
    expect(world.errorDocuments()).toMatchObject([{ errorCode: 'Splunk.DisabledAck' }]);
    expect(receiver.violations).toEqual([]);
    await world.clock.until(delivery.stop());
  });
});
