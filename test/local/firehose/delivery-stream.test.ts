import { delayAfter } from '../../../local/firehose/backoff';
import {
  createWorld,
  encoded,
  FUNCTION_ARN,
  type Handler,
  ok,
  PROCESSOR,
  returned,
  SHARD,
  textOf,
  threw,
} from './harness';

const MIB = 1024 * 1024;
const SECOND = 1_000;
const { bufferIntervalSeconds: PROCESSOR_SECONDS } = PROCESSOR;
const S3_SECONDS = 70;

describe('the buffer for the transformer', () => {
  it('waits for its interval from the first record, then hands over all it has', async () => {
    const world = createWorld();
    await world.start();
    world.stream.put(SHARD, 'a');
    await world.clock.advance(10 * SECOND);
    world.stream.put(SHARD, 'b');
    await world.clock.advance((PROCESSOR_SECONDS - 11) * SECOND);
    expect(world.transformer.events).toHaveLength(0);
    await world.clock.advance(3 * SECOND);
    expect(world.transformer.parsed().map(({ records }) => records.map(textOf))).toEqual([['a', 'b']]);
  });

  it('does not wait once its size is reached, and keeps what is over for the next invocation', async () => {
    const world = createWorld({ spec: { processor: { ...PROCESSOR, bufferSizeMiB: 0.5 } } });
    await world.start();
    for (let i = 0; i < 3; i++) world.stream.put(SHARD, Buffer.alloc(0.2 * MIB, 'x'));
    await world.clock.advance(2 * SECOND);
    expect(world.transformer.parsed().map(({ records }) => records.length)).toEqual([2]);
    await world.clock.advance((PROCESSOR_SECONDS + 1) * SECOND);
    expect(world.transformer.parsed().map(({ records }) => records.length)).toEqual([2, 1]);
  });

  it('is one for each shard, and shards are transformed side by side', async () => {
    let free = () => {};
    const blocked = new Promise<void>((resolve) => {
      free = resolve;
    });
    const handler: Handler = async (event, attempt) => {
      if (attempt === 1) await blocked;
      return returned({ records: event.records.map((record) => ok(record)) });
    };
    const world = createWorld({ handler, shardIds: ['shardId-000000000000', 'shardId-000000000001'] });
    await world.start();
    world.stream.put('shardId-000000000000', 'slow');
    world.stream.put('shardId-000000000001', 'fast');
    await world.clock.advance((PROCESSOR_SECONDS + S3_SECONDS + 2) * SECOND);
    expect(world.text('data/')).toBe('<fast>');
    free();
    await world.clock.advance(S3_SECONDS * SECOND);
    expect(world.text('data/')).toBe('<fast><slow>');
  });
});

describe('an invocation that fails', () => {
  it('is repeated with the same records under a fresh invocation id, and can succeed', async () => {
    const world = createWorld({
      handler: ({ records }, attempt) =>
        attempt <= PROCESSOR.retries ? threw : returned({ records: records.map((record) => ok(record)) }),
    });
    const delivery = await world.start();
    world.stream.put(SHARD, 'a');
    await world.clock.until(delivery.drain());
    const events = world.transformer.parsed();
    expect(new Set(events.map(({ invocationId }) => invocationId)).size).toBe(3);
    expect(new Set(events.map(({ records }) => JSON.stringify(records))).size).toBe(1);
    expect(world.text('data/')).toBe('<a>');
  });

  it.each<[string, Handler]>([
    ['throws', () => threw],
    [
      'answers more than 6 MB',
      ({ records }) => returned({ records: records.map((record) => ok(record)) }, 6 * MIB + 1),
    ],
    ['cannot be invoked', () => Promise.reject(new Error('no such worker'))],
  ])('fails all its records after the retries when it %s every time', async (_, handler) => {
    const world = createWorld({ handler });
    const delivery = await world.start();
    const arrivedAt = world.clock.now();
    world.stream.put(SHARD, 'a');
    world.stream.put(SHARD, 'b');
    await world.clock.until(delivery.drain());
    const document = (raw: string) => ({
      rawData: encoded(raw),
      errorCode: 'Lambda.FunctionError',
      errorMessage: 'The Lambda function was successfully invoked but it returned an error result.',
      attemptsMade: PROCESSOR.retries + 1,
      arrivalTimestamp: arrivedAt,
      // Two waits lie between three attempts: one second, then two.
      attemptEndingTimestamp: arrivedAt + 3 * SECOND,
      lambdaARN: FUNCTION_ARN,
    });
    expect(world.errorDocuments()).toEqual([document('a'), document('b')]);
    expect(Object.keys(world.errorDocuments()[0] ?? {})).toEqual(Object.keys(document('a')));
    expect(world.text('data/')).toBe('');
  });

  it('is not repeated when it merely answers badly: each record is judged, at attempt 1', async () => {
    const world = createWorld({
      handler: ({ records }) =>
        returned({
          records: records.flatMap((record) => {
            const { recordId } = record;
            switch (textOf(record)) {
              case 'drop':
                return [{ recordId, result: 'Dropped' }];
              case 'fail':
                return [{ recordId, result: 'ProcessingFailed' }];
              case 'miss':
                return [];
              case 'twice':
                return [ok(record), ok(record)];
              default:
                return [ok(record)];
            }
          }),
        }),
    });
    const delivery = await world.start();
    for (const text of ['first', 'drop', 'fail', 'miss', 'twice', 'last']) world.stream.put(SHARD, text);
    await world.clock.until(delivery.drain());
    expect(world.transformer.events).toHaveLength(1);
    expect(world.text('data/')).toBe('<first><last>');
    expect(
      world
        .errorDocuments()
        .map(({ rawData, errorCode, attemptsMade }) => [rawData, errorCode, attemptsMade]),
    ).toEqual([
      [encoded('fail'), 'Lambda.ProcessingFailedStatus', 1],
      [encoded('miss'), 'Lambda.MissingRecordId', 1],
      [encoded('twice'), 'Lambda.DuplicatedRecordId', 1],
    ]);
    expect(delivery.status()).toEqual({
      archivedEvents: 2,
      lagMs: 0,
      bufferedRecords: 0,
      bufferedBytes: 0,
      objects: 1,
      deliveredRecords: 2,
      errorObjects: 1,
      errorRecords: 3,
      droppedRecords: 1,
    });
  });

  it('is not made for a record whose event passes 6 MB: the record is an error', async () => {
    const world = createWorld();
    const delivery = await world.start();
    world.stream.put(SHARD, Buffer.alloc(5 * MIB));
    world.stream.put(SHARD, 'a');
    await world.clock.until(delivery.drain());
    expect(world.text('data/')).toBe('<a>');
    expect(world.errorDocuments()).toMatchObject([{ errorCode: 'Lambda.FunctionError', attemptsMade: 1 }]);
  });
});

describe('an object', () => {
  it('is the answers one after another, gzip, with its encoding and no separator', async () => {
    const world = createWorld();
    const delivery = await world.start();
    for (const text of ['a', 'b\n', '', 'Café']) world.stream.put(SHARD, text);
    await world.clock.until(delivery.drain());
    const [key = ''] = world.objects.keys('data/');
    expect(world.objects.plain(key).toString('utf8')).toBe('<a><b\n><><Café>');
    expect(world.objects.objects.get(key)).toMatchObject({
      bucket: 'archive-bucket',
      contentType: 'application/octet-stream',
      contentEncoding: 'gzip',
    });
  });

  it('of errors is compressed as the data are', async () => {
    const world = createWorld({ handler: () => returned({}) });
    const delivery = await world.start();
    world.stream.put(SHARD, 'a');
    await world.clock.until(delivery.drain());
    const [key = ''] = world.objects.keys('errors/processing-failed/');
    expect(key).toMatch(/\.gz$/);
    expect(world.objects.objects.get(key)?.contentEncoding).toBe('gzip');
  });

  it('is plain, without an encoding, when the delivery stream does not compress', async () => {
    const world = createWorld({ spec: { compression: 'UNCOMPRESSED' } });
    const delivery = await world.start();
    world.stream.put(SHARD, 'a');
    await world.clock.until(delivery.drain());
    const [object] = world.objects.objects.values();
    expect(object).toMatchObject({ body: Buffer.from('<a>') });
    expect(object).not.toHaveProperty('contentEncoding');
  });

  it('is written when its interval has passed since its first record', async () => {
    const world = createWorld();
    await world.start();
    world.stream.put(SHARD, 'a');
    await world.clock.advance((PROCESSOR_SECONDS + S3_SECONDS - 1) * SECOND);
    expect(world.objects.keys()).toHaveLength(0);
    await world.clock.advance(3 * SECOND);
    expect(world.objects.keys()).toHaveLength(1);
  });

  it('is written as soon as it has its size, counted before compression', async () => {
    const world = createWorld({ spec: { bufferSizeMiB: 1 } });
    await world.start();
    for (let i = 0; i < 6; i++) world.stream.put(SHARD, Buffer.alloc(0.4 * MIB, 'x'));
    await world.clock.advance((PROCESSOR_SECONDS + 2) * SECOND);
    const sizes = world.objects.keys().map((key) => world.objects.plain(key).byteLength);
    expect(sizes).toEqual(Array(2).fill(3 * (Math.floor(0.4 * MIB) + 2)));
  });

  it('is named by the arrival of its oldest record, whatever the order of reading', async () => {
    const world = createWorld({ shardIds: ['shardId-000000000000', 'shardId-000000000001'] });
    const delivery = await world.start();
    const start = world.clock.now();
    await world.clock.advance(3 * 3_600 * SECOND);
    world.stream.put('shardId-000000000000', 'new');
    world.stream.put('shardId-000000000001', 'old', { arrivedAt: start + 3_600 * SECOND });
    await world.clock.until(delivery.drain());
    expect(world.objects.keys()).toEqual([
      expect.stringMatching(/^data\/hour=11\/click-archive-1-2026-03-01-11-00-00-/),
    ]);
  });

  it('is put again under the same key until S3 takes it, and only then is it checkpointed', async () => {
    const world = createWorld();
    const delivery = await world.start();
    const { sequenceNumber } = world.stream.put(SHARD, 'a');
    world.objects.failNext(5);
    const draining = delivery.drain();
    await world.clock.advance(2 * SECOND);
    expect(world.checkpoints.writes).toHaveLength(1);
    await world.clock.until(draining);
    expect(world.objects.puts).toBe(6);
    expect(world.objects.keys()).toHaveLength(1);
    const failed = world.events.filter((event) => event.kind === 'object-failed');
    expect(new Set(failed.map(({ key }) => key))).toEqual(new Set(world.objects.keys()));
    expect(world.checkpoints.peek('delivery-stream/click-archive')).toMatchObject({
      shards: { [SHARD]: { sequenceNumber } },
    });
  });
});

describe('without a processor', () => {
  it('records are delivered as they are', async () => {
    const world = createWorld({ withoutProcessor: true });
    const delivery = await world.start();
    world.stream.put(SHARD, 'a');
    world.stream.put(SHARD, 'b');
    await world.clock.until(delivery.drain());
    expect(world.text('data/')).toBe('ab');
    expect(world.transformer.events).toHaveLength(0);
  });
});

describe('a specification', () => {
  it('is refused when the function at hand is not its own', async () => {
    const world = createWorld({ spec: { processor: { ...PROCESSOR, functionArn: `${FUNCTION_ARN}-2` } } });
    await expect(world.start()).rejects.toThrow(`names ${FUNCTION_ARN}-2, but ${FUNCTION_ARN} is given`);
  });

  it('is refused at the start for an expression that cannot be evaluated', async () => {
    const world = createWorld({ spec: { prefix: 'year=!{timestamp:YYYY}/' } });
    await expect(world.start()).rejects.toThrow('week-based year');
  });
});

describe('status', () => {
  it('tells the age of the oldest record that is not yet in S3', async () => {
    const world = createWorld();
    const delivery = await world.start();
    expect(delivery.status().lagMs).toBe(0);
    world.stream.put(SHARD, 'a');
    await world.clock.advance(30 * SECOND);
    world.stream.put(SHARD, 'b');
    await world.clock.advance(10 * SECOND);
    expect(delivery.status()).toMatchObject({ lagMs: 40 * SECOND, bufferedRecords: 2, objects: 0 });
    await world.clock.until(delivery.drain());
    expect(delivery.status()).toMatchObject({
      lagMs: 0,
      bufferedRecords: 0,
      bufferedBytes: 0,
      deliveredRecords: 2,
    });
  });
});

describe('events that are archived', () => {
  const lines = '{"page":"/a"}\n{"rejected":"not_json","raw":"eA=="}\n{"page":"/b"}\n';

  it('are the lines of the objects, without those that are rejected', async () => {
    const world = createWorld({
      handler: ({ records }) => returned({ records: records.map((record) => ok(record, lines)) }),
    });
    const delivery = await world.start();
    world.stream.put(SHARD, 'packed');
    await world.clock.until(delivery.drain());
    expect(delivery.status()).toMatchObject({ deliveredRecords: 1, archivedEvents: 2 });
  });

  it('are those since the creation, of all runs', async () => {
    const world = createWorld();
    for (const text of ['a', 'b', 'c']) {
      const delivery = await world.start();
      world.stream.put(SHARD, text);
      await world.clock.until(delivery.drain());
      await world.clock.until(delivery.stop());
    }
    const delivery = await world.start();
    expect(delivery.status()).toMatchObject({ deliveredRecords: 0, archivedEvents: 3 });
  });
});

describe('the next object', () => {
  it('is announced by when it is stored at the latest, from the moment a record is read', async () => {
    const world = createWorld();
    const delivery = await world.start();
    expect(delivery.nextObjectAt()).toBeUndefined();
    world.stream.put(SHARD, 'a');
    await world.clock.advance(5 * SECOND);
    const announced = delivery.nextObjectAt()!;
    const untilThen = announced - world.clock.now();
    expect(untilThen).toBeGreaterThan((PROCESSOR_SECONDS + S3_SECONDS - 6) * SECOND);
    await world.clock.advance(30 * SECOND);
    expect(delivery.nextObjectAt()).toBe(announced);
    await world.clock.advance(announced - world.clock.now() - 1);
    expect(world.objects.keys('data/')).toHaveLength(0);
    await world.clock.advance(1);
    expect(world.objects.keys('data/')).toHaveLength(1);
    expect(delivery.nextObjectAt()).toBeUndefined();
  });
});

describe('a delivery stream that holds too much', () => {
  it('stops reading until S3 takes objects again', async () => {
    const world = createWorld({ spec: { bufferSizeMiB: 1 } });
    const delivery = await world.start({ maxHeldBytes: 2 * MIB, readLimit: 2 });
    world.objects.failNext(20);
    for (let i = 0; i < 40; i++) world.stream.put(SHARD, Buffer.alloc(0.25 * MIB, 'x'));
    await world.clock.advance(120 * SECOND);
    expect(delivery.status().bufferedBytes).toBeLessThan(3 * MIB);
    await world.clock.until(delivery.drain());
    expect(delivery.status()).toMatchObject({ deliveredRecords: 40, bufferedBytes: 0 });
  });
});

describe('a defect', () => {
  it('stops the delivery stream, is reported, and loses nothing: the next start delivers', async () => {
    const world = createWorld();
    const broken = await world.start({}, { gzip: () => Promise.reject(new Error('no memory')) });
    world.stream.put(SHARD, 'a');
    await expect(world.clock.until(broken.drain())).rejects.toThrow('no memory');
    expect(world.events.filter(({ kind }) => kind === 'crashed')).toHaveLength(1);
    await expect(world.clock.until(broken.stop())).rejects.toThrow('no memory');
    expect(world.clock.pending()).toBe(0);

    const healthy = await world.start();
    await world.clock.until(healthy.drain());
    expect(world.text('data/')).toBe('<a>');
  });
});

describe('the wait after failed attempts', () => {
  it('doubles up to its bound', () => {
    const waits = [1, 2, 3, 4, 5, 100].map((attempt) => delayAfter(attempt, { firstMs: 200, maxMs: 1_500 }));
    expect(waits).toEqual([200, 400, 800, 1_500, 1_500, 1_500]);
  });
});
