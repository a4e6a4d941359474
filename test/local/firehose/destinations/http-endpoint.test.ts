import { gzipSync } from 'node:zlib';
import type { HttpEndpointSpec } from '../../../../local/deployment';
import type { Exchange } from '../../../../local/firehose/destinations/exchange';
import { createHttpEndpoint } from '../../../../local/firehose/destinations/http-endpoint';
import {
  createReceiver,
  type ReceiverAnswer,
  type ReceiverOptions,
} from '../../../support/http-endpoint-receiver';
import { createWorld, encoded, SHARD } from '../harness';

const destination: HttpEndpointSpec = {
  kind: 'http-endpoint',
  bufferSizeMiB: 2,
  bufferIntervalSeconds: 7,
  retrySeconds: 40,
  compresses: true,
  commonAttributes: { pipeline: 'test' },
  hasSecret: true,
};

const arn = 'arn:aws:firehose:eu-central-1:111122223333:deliverystream/click-archive';

/** A world whose delivery stream delivers to a receiver, or to whatever `exchange` makes of the requests. */
function createHttpWorld(
  options: ReceiverOptions = {},
  spec: Partial<HttpEndpointSpec> = {},
  disturb: (exchange: Exchange) => Exchange = (exchange) => exchange,
) {
  const full = { ...destination, ...spec };
  const receiver = createReceiver({ accessKey: 'key-of-the-test', ...options });
  const direct: Exchange = async ({ headers, body }) => {
    const length = { 'content-length': String(body.length) };
    const answer = receiver.receive('POST', { ...headers, ...length }, body);
    return { ...answer, body: Buffer.from(answer.body), isTooLarge: answer.body.length > 1024 * 1024 };
  };
  const world = createWorld({
    spec: { destination: full },
    destination: (clock) =>
      createHttpEndpoint(full, {
        url: new URL('https://receiver.example/clicks'),
        accessKey: 'key-of-the-test',
        deliveryStreamArn: arn,
        exchange: disturb(direct),
        gzip: async (body) => gzipSync(body),
        clock,
      }),
  });
  return { world, receiver };
}

describe('A delivery stream to an HTTP endpoint', () => {
  it.each([true, false])('speaks the published protocol (compressed: %s)', async (compresses) => {
    const { world, receiver } = createHttpWorld({}, { compresses });
    const delivery = await world.start();
    world.stream.put(SHARD, 'one');
    world.stream.put(SHARD, 'two');
    await world.clock.until(delivery.drain());

    expect(receiver.violations).toEqual([]);
    expect(receiver.requests).toHaveLength(1);
    const [request] = receiver.requests;
    expect(request!.records).toEqual(['<one>', '<two>']);
    expect(request!.headers).toMatchObject({
      'x-amz-firehose-source-arn': arn,
      'x-amz-firehose-common-attributes': '{"commonAttributes":{"pipeline":"test"}}',
    });
    expect(request!.headers['content-encoding']).toBe(compresses ? 'gzip' : undefined);
    expect(delivery.status()).toMatchObject({
      deliveredRecords: 2,
      lagMs: 0,
      bufferedRecords: 0,
      objects: 0,
    });
    expect(world.objects.keys('')).toEqual([]);
    await world.clock.until(delivery.stop());
  });

  it('fills a request up to the interval, or to its size', async () => {
    const { world, receiver } = createHttpWorld({}, { bufferSizeMiB: 1 });
    const delivery = await world.start();
    world.stream.put(SHARD, 'a');
    // The processor's buffer first, then the destination's: 20 and 7 seconds.
    await world.clock.advance(26_000);
    expect(receiver.requests).toHaveLength(0);
    await world.clock.advance(2_000);
    expect(receiver.requests.map(({ records }) => records)).toEqual([['<a>']]);
    for (const name of ['b', 'c', 'd']) world.stream.put(SHARD, name + 'x'.repeat(600_000));
    await world.clock.until(delivery.drain());
    expect(receiver.requests.map(({ records }) => records.map((text) => text[1]))).toEqual([
      ['a'],
      ['b', 'c'],
      ['d'],
    ]);
    await world.clock.until(delivery.stop());
  });

  it('repeats a request under its id, with the published pauses, until it is taken', async () => {
    const at: number[] = [];
    const { world, receiver } = createHttpWorld({
      answer: ({ requestId }, count, right) => {
        at.push(world.clock.now());
        return count < 4 ? failure(requestId, 503, 'later') : right;
      },
    });
    const delivery = await world.start();
    world.stream.put(SHARD, 'stubborn');
    await world.clock.until(delivery.drain());

    expect(receiver.violations).toEqual([]);
    expect(new Set(receiver.requests.map(({ requestId }) => requestId)).size).toBe(1);
    expect(new Set(receiver.requests.map(({ timestamp }) => timestamp)).size).toBe(1);
    expect(receiver.accepted).toEqual(['<stubborn>']);
    const pauses = at.slice(1).map((time, index) => time - at[index]!);
    // 1 s doubled; the world's random number is in the middle of the jitter.
    expect(pauses).toEqual([1_000, 2_000, 4_000]);
    expect(world.objects.keys('')).toEqual([]);
    expect(world.events).toContainEqual({
      kind: 'delivery-failed',
      attempt: 3,
      records: 1,
      code: 'HttpEndpoint.DestinationException',
    });
    await world.clock.until(delivery.stop());
  });

  it('gives up when the retries are over, and keeps what was sent in an error object of its own type', async () => {
    const { world, receiver } = createHttpWorld({
      answer: ({ requestId }) => failure(requestId, 401, 'Unauthorized'),
    });
    const delivery = await world.start();
    world.stream.put(SHARD, 'refused', { arrivedAt: world.clock.now() + 5 });
    world.stream.put(SHARD, 'as well');
    await world.clock.until(delivery.drain());

    // 1 + 2 + 4 + 8 + 16 = 31 s; the next pause would end after 40.
    expect(receiver.requests).toHaveLength(6);
    const [key, ...others] = world.objects.keys('errors/');
    expect(others).toEqual([]);
    expect(key).toMatch(/^errors\/http-endpoint-failed\//);
    const [first, second] = world.errorDocuments();
    expect(Object.keys(first!)).toEqual([
      'attemptsMade',
      'arrivalTimestamp',
      'errorCode',
      'errorMessage',
      'attemptEndingTimestamp',
      'rawData',
      'subsequenceNumber',
      'dataId',
    ]);
    expect(first).toMatchObject({
      attemptsMade: 6,
      errorCode: 'HttpEndpoint.DestinationException',
      errorMessage: expect.stringContaining('"errorMessage":"Unauthorized"'),
      rawData: encoded('<refused>'),
      subsequenceNumber: 0,
    });
    expect(second).toMatchObject({ rawData: encoded('<as well>') });
    expect(delivery.status()).toMatchObject({
      deliveredRecords: 0,
      errorObjects: 1,
      errorRecords: 2,
      lagMs: 0,
    });
    await world.clock.until(delivery.stop());
  });

  it('loses a batch that is answered with 413, as Firehose says, and tells it', async () => {
    const { world } = createHttpWorld({
      answer: ({ requestId }) => failure(requestId, 413, 'Payload too large'),
    });
    const delivery = await world.start();
    world.stream.put(SHARD, 'gone');
    await world.clock.until(delivery.drain());
    expect(world.objects.keys('')).toEqual([]);
    expect(world.events).toContainEqual({
      kind: 'records-lost',
      records: 1,
      code: 'HttpEndpoint.DestinationException',
    });
    await world.clock.until(delivery.stop());
  });

  const json = { 'content-type': 'application/json', 'content-length': '1' };
  it.each<readonly [string, (right: ReceiverAnswer) => ReceiverAnswer]>([
    [
      'another request id',
      ({ body, ...right }) => ({ ...right, body: body.replace(/"requestId":"./, '"requestId":"?') }),
    ],
    ['no timestamp', ({ body, ...right }) => ({ ...right, body: body.replace(/,"timestamp.*/, '}') })],
    ['a timestamp as text', ({ body, ...right }) => ({ ...right, body: body.replace(/:(\d+)}/, ':"$1"}') })],
    ['no JSON', (right) => ({ ...right, body: 'OK' })],
    ['nothing', (right) => ({ ...right, body: '' })],
    ['another content type', (right) => ({ ...right, headers: { ...json, 'content-type': 'text/html' } })],
    ['an encoding', (right) => ({ ...right, headers: { ...json, 'content-encoding': 'gzip' } })],
    [
      'no length',
      ({ headers: _, ...right }) => ({ ...right, headers: { 'content-type': 'application/json' } }),
    ],
    ['a status of 202', (right) => ({ ...right, status: 202 })],
    [
      'a redirect',
      (right) => ({ ...right, status: 301, headers: { ...json, location: 'https://a.example/' } }),
    ],
    ['more than 1 MiB', (right) => ({ ...right, body: `${right.body}${' '.repeat(1024 * 1024)}` })],
  ])('takes an answer with %s for a failure', async (_what, wrong) => {
    const { world, receiver } = createHttpWorld({
      answer: (_request, count, right) => (count === 1 ? wrong(right) : right),
    });
    const delivery = await world.start();
    world.stream.put(SHARD, 'twice');
    await world.clock.until(delivery.drain());
    expect(receiver.requests).toHaveLength(2);
    expect(receiver.accepted).toEqual(['<twice>']);
    await world.clock.until(delivery.stop());
  });

  it('waits three minutes for an answer, once more even when the retries are over', async () => {
    const at: number[] = [];
    const { world } = createHttpWorld({}, {}, () => () => {
      at.push(world.clock.now());
      return new Promise(() => {});
    });
    const delivery = await world.start();
    world.stream.put(SHARD, 'silence');
    await world.clock.until(delivery.drain());
    const endedAt = world.clock.now();
    // The counter of 40 s starts with the first failure: after a pause of 1 s one more attempt, of three minutes again.
    expect(at).toHaveLength(2);
    expect(endedAt - at[0]!).toBe(2 * 180_000 + 1_000);
    expect(world.errorDocuments()).toMatchObject([
      { attemptsMade: 2, errorCode: 'HttpEndpoint.RequestTimeout' },
    ]);
    await world.clock.until(delivery.stop());
  });

  it('repeats after a broken connection, and delivers at least once when it is killed in between', async () => {
    let broken = true;
    const { world, receiver } = createHttpWorld({}, {}, (exchange) => (request, signal) => {
      if (broken) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      return exchange(request, signal);
    });
    const first = await world.startMortal();
    world.stream.put(SHARD, 'mine');
    await world.clock.advance(30_000);
    expect(world.events).toContainEqual(
      expect.objectContaining({ kind: 'delivery-failed', code: 'HttpEndpoint.ConnectionReset' }),
    );
    first.life.kill();
    broken = false;
    const second = await world.start();
    await world.clock.until(second.drain());
    expect(receiver.accepted).toEqual(['<mine>']);
    await world.clock.until(second.stop());
  });

  it('ends at once when it is stopped, and delivers after the next start what it had not', async () => {
    let silent = true;
    const { world, receiver } = createHttpWorld(
      {},
      {},
      (exchange) => (request, signal) => (silent ? new Promise(() => {}) : exchange(request, signal)),
    );
    const first = await world.start();
    world.stream.put(SHARD, 'later');
    await world.clock.advance(30_000);
    const before = world.clock.now();
    await world.clock.until(first.stop());
    expect(world.clock.now()).toBe(before);
    silent = false;
    const second = await world.start();
    await world.clock.until(second.drain());
    expect(receiver.accepted).toEqual(['<later>']);
    await world.clock.until(second.stop());
  });
});

function failure(requestId: string, status: number, errorMessage: string): ReceiverAnswer {
  const body = JSON.stringify({ requestId, timestamp: 1_772_359_200_001, errorMessage });
  return {
    status,
    headers: { 'content-type': 'application/json', 'content-length': String(body.length) },
    body,
  };
}
