import type { OpenSearchSpec } from '../../../../local/deployment';
import { createOpenSearch } from '../../../../local/firehose/destinations/opensearch';
import { createOpenSearchReceiver, type OpenSearchOptions } from '../../../support/opensearch-receiver';
import { createWorld, encoded, SHARD } from '../harness';

const destination: OpenSearchSpec = {
  kind: 'opensearch',
  bufferSizeMiB: 2,
  bufferIntervalSeconds: 9,
  retrySeconds: 10,
  index: 'clicks',
  rotation: 'OneDay',
  hasDocumentIds: true,
};

function createSearchWorld(options: OpenSearchOptions = {}, spec: Partial<OpenSearchSpec> = {}) {
  const full = { ...destination, ...spec };
  const receiver = createOpenSearchReceiver(options);
  const world = createWorld({
    spec: { destination: full },
    withoutProcessor: true,
    destination: (clock) =>
      createOpenSearch(full, {
        endpoint: new URL('https://search.example'),
        exchange: receiver.exchange,
        clock,
      }),
  });
  return { world, receiver };
}

const indexesOf = (receiver: ReturnType<typeof createOpenSearchReceiver>) =>
  [...receiver.documents.keys()].map((key) => key.split('/')[0]);

describe('A delivery stream to OpenSearch', () => {
  it('indexes each record as a document with an id of its own', async () => {
    const { world, receiver } = createSearchWorld();
    const delivery = await world.start();
    for (const n of [1, 2, 3]) world.stream.put(SHARD, JSON.stringify({ n }));
    await world.clock.until(delivery.drain());
    expect(receiver.violations).toEqual([]);
    expect([...receiver.documents.values()]).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(indexesOf(receiver)).toEqual(Array(3).fill('clicks-2026-03-01'));
    expect(delivery.status()).toMatchObject({ deliveredRecords: 3, errorRecords: 0, lagMs: 0 });
    await world.clock.until(delivery.stop());
  });

  it.each([
    ['NoRotation', 'clicks'],
    ['OneHour', 'clicks-2016-02-25-13'],
    ['OneDay', 'clicks-2016-02-25'],
    ['OneMonth', 'clicks-2016-02'],
  ] as const)('names indexes by the arrival with %s, as in AWS’s example', async (rotation, index) => {
    const { world, receiver } = createSearchWorld({}, { rotation });
    const delivery = await world.start();
    // Read from here on by its place, and no more by its arrival.
    world.stream.put(SHARD, '{"now":1}');
    await world.clock.until(delivery.drain());
    world.stream.put(SHARD, '{}', { arrivedAt: Date.parse('2016-02-25T13:00:00Z') });
    await world.clock.until(delivery.drain());
    expect(indexesOf(receiver)).toHaveLength(2);
    expect(indexesOf(receiver)).toContain(index);
    await world.clock.until(delivery.stop());
  });

  it('repeats the documents that were refused, and those alone', async () => {
    const { world, receiver } = createSearchWorld({
      refuse: (document, attempt) =>
        'slow' in document && attempt < 3
          ? { status: 429, type: 'es_rejected_execution_exception', reason: 'full' }
          : undefined,
    });
    const delivery = await world.start();
    for (const document of ['{"a":1}', '{"slow":2}', '{"b":3}']) world.stream.put(SHARD, document);
    await world.clock.until(delivery.drain());
    expect(receiver.requests.map((actions) => actions.length)).toEqual([3, 1, 1]);
    expect(receiver.documents.size).toBe(3);
    expect(delivery.status()).toMatchObject({ deliveredRecords: 3, errorRecords: 0 });
    await world.clock.until(delivery.stop());
  });

  it('keeps a document that no index takes, by its id and index, and delivers the others', async () => {
    const { world } = createSearchWorld({
      refuse: (document) =>
        'bad' in document
          ? { status: 400, type: 'mapper_parsing_exception', reason: 'failed to parse' }
          : undefined,
    });
    const delivery = await world.start();
    world.stream.put(SHARD, '{"good":1}');
    world.stream.put(SHARD, '{"bad":1}');
    await world.clock.until(delivery.drain());
    expect(delivery.status()).toMatchObject({ deliveredRecords: 1, errorRecords: 1, lagMs: 0 });
    expect(world.objects.keys('errors/')[0]).toMatch(/^errors\/AmazonOpenSearchService-failed\//);
    const [document] = world.errorDocuments();
    expect(Object.keys(document!)).toEqual([
      'attemptsMade',
      'arrivalTimestamp',
      'errorCode',
      'errorMessage',
      'attemptEndingTimestamp',
      'esDocumentId',
      'esIndexName',
      'esTypeName',
      'rawData',
    ]);
    expect(document).toMatchObject({
      errorCode: '400',
      errorMessage: '{"type":"mapper_parsing_exception","reason":"failed to parse"}',
      esIndexName: 'clicks-2026-03-01',
      rawData: encoded('{"bad":1}'),
    });
    await world.clock.until(delivery.stop());
  });

  it.each([
    [{ status: 503, body: 'unavailable' }],
    [{ status: 403, body: '{"message":"not allowed"}' }],
    [{ status: 200, body: '{"items":[]}' }],
    [{ status: 200, body: 'not JSON' }],
  ])('takes the answer %j for a failure of all, and repeats them', async (failure) => {
    const { world, receiver } = createSearchWorld({ fail: (count) => (count === 1 ? failure : undefined) });
    const delivery = await world.start();
    world.stream.put(SHARD, '{"a":1}');
    world.stream.put(SHARD, '{"b":1}');
    await world.clock.until(delivery.drain());
    expect(receiver.requests.map((actions) => actions.length).at(-1)).toBe(2);
    expect(receiver.documents.size).toBe(2);
    expect(delivery.status()).toMatchObject({ deliveredRecords: 2, errorRecords: 0 });
    await world.clock.until(delivery.stop());
  });

  it.each([
    [true, 1],
    [false, 2],
  ])(
    'delivers again after its death, and with ids (%s) a document is there once',
    async (hasDocumentIds, count) => {
      let die = () => {};
      // Indexed, and dead before it knows it.
      const { world, receiver } = createSearchWorld({ refuse: () => void die() }, { hasDocumentIds });
      const first = await world.startMortal();
      die = first.life.kill;
      world.stream.put(SHARD, '{"once":1}');
      await world.clock.untilTrue(() => first.life.dead());
      die = () => {};
      const second = await world.start();
      await world.clock.until(second.drain());
      expect([receiver.requests.length, receiver.documents.size]).toEqual([2, count]);
      await world.clock.until(second.stop());
    },
  );
});
