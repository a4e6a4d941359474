import fc from 'fast-check';
import type { CheckpointStore } from '../../../local/checkpoint-store';
import { type Behaviour, type Bench, mappingBench, returned, threw } from './mapping-bench';

const shard = 'shardId-000000000000';

function put(bench: Bench, ...data: string[]): string[] {
  return data.map((text) => bench.stream.put(shard, text).sequenceNumber);
}

/** Reports, of any batch that holds it, the record with this data as the first that failed. */
function reports(data: string): Behaviour {
  return (call) => {
    const index = call.data.indexOf(data);
    return returned({
      batchItemFailures: index === -1 ? [] : [{ itemIdentifier: call.sequenceNumbers[index] }],
    });
  };
}

function throwsFor(data: string): Behaviour {
  return (call) => (call.data.includes(data) ? threw() : returned({ batchItemFailures: [] }));
}

function delivered(bench: Bench): string[][] {
  return bench.calls.map(({ data }) => [...data]);
}

describe('Batching', () => {
  it('invokes as soon as records are there when the window is 0', async () => {
    const bench = mappingBench();
    put(bench, 'a', 'b');
    await bench.start();
    await bench.clock.settle();
    expect(delivered(bench)).toEqual([['a', 'b']]);
  });

  it('never puts more than the batch size into an event', async () => {
    const bench = mappingBench();
    put(bench, 'a', 'b', 'c', 'd', 'e');
    await bench.start({ batchSize: 2 });
    await bench.clock.settle();
    expect(delivered(bench)).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('waits for the batching window, from the first record on, while the batch is not full', async () => {
    const bench = mappingBench();
    const start = bench.clock.now();
    await bench.start({ maximumBatchingWindowSeconds: 7 });
    await bench.clock.settle();
    put(bench, 'a');
    await bench.clock.advance(4_000);
    put(bench, 'b');
    await bench.clock.advance(20_000);
    expect(delivered(bench)).toEqual([['a', 'b']]);
    // The record is read by the poll one second in, and the window opens then.
    expect(bench.calls[0]!.at - start).toBe(8_000);
  });

  it('does not wait for the window once the batch is full', async () => {
    const bench = mappingBench();
    put(bench, 'a', 'b', 'c');
    await bench.start({ maximumBatchingWindowSeconds: 300, batchSize: 3 });
    await bench.clock.settle();
    expect(delivered(bench)).toEqual([['a', 'b', 'c']]);
  });

  it('keeps the event within 6 MB of JSON, in which base64 counts', async () => {
    const bench = mappingBench();
    const megabyte = 'x'.repeat(1024 * 1024);
    put(bench, ...Array.from({ length: 9 }, () => megabyte));
    await bench.start({ batchSize: 10_000 });
    await bench.clock.settle();
    // A mebibyte takes 1.4 million characters of base64, so four fit into 6,291,456 bytes, and five do not.
    expect(bench.calls.map(({ data }) => data.length)).toEqual([4, 4, 1]);
    expect(Math.max(...bench.calls.map(({ event }) => Buffer.byteLength(event)))).toBeLessThanOrEqual(
      6_291_456,
    );
  });

  it('polls an idle shard once a second', async () => {
    const bench = mappingBench();
    await bench.start();
    await bench.clock.advance(10_000);
    expect(bench.stream.calls.filter((call) => call.startsWith('read')).length).toBe(11);
  });

  it('polls once a second where a few records come all the time, and at once where a full read says that more wait', async () => {
    const bench = mappingBench();
    await bench.start({ batchSize: 50, maximumBatchingWindowSeconds: 3 });
    for (let tenths = 0; tenths < 100; tenths++) {
      bench.stream.put(shard, `click ${tenths}`);
      await bench.clock.advance(100);
    }
    const reads = () => bench.stream.calls.filter((call) => call.startsWith('read')).length;
    expect(reads()).toBeGreaterThanOrEqual(10);
    expect(reads()).toBeLessThanOrEqual(11);

    const before = { reads: reads(), calls: bench.calls.length };
    for (let index = 0; index < 120; index++) bench.stream.put(shard, `burst ${index}`);
    await bench.clock.advance(1_000);
    expect(bench.calls.length - before.calls).toBe(2);
    expect(reads() - before.reads).toBe(3);
  });

  it('writes each record as Lambda does, its arrival in seconds', async () => {
    const bench = mappingBench();
    const record = bench.stream.put(shard, 'Café', { partitionKey: 'visitor-7', arrivedAt: 1545084650987 });
    await bench.start();
    await bench.clock.settle();
    expect(JSON.parse(bench.calls[0]!.event)).toEqual({
      Records: [
        {
          kinesis: {
            kinesisSchemaVersion: '1.0',
            partitionKey: 'visitor-7',
            sequenceNumber: record.sequenceNumber,
            data: 'Q2Fmw6k=',
            approximateArrivalTimestamp: 1545084650.987,
          },
          eventSource: 'aws:kinesis',
          eventVersion: '1.0',
          eventID: `${shard}:${record.sequenceNumber}`,
          eventName: 'aws:kinesis:record',
          invokeIdentityArn: 'arn:aws:iam::000000000000:role/counter-role',
          awsRegion: 'us-east-1',
          eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks',
        },
      ],
    });
  });
});

describe('A function that throws', () => {
  it.each([
    [1, 2],
    [2, 3],
    [3, 4],
  ])('is invoked once and %i times again, then the batch is given up', async (retries, invocations) => {
    const bench = mappingBench();
    bench.behave(throwsFor('poison'));
    put(bench, 'poison', 'next');
    await bench.start({ batchSize: 1, maximumRetryAttempts: retries });
    await bench.clock.advance(600_000);
    expect(bench.calls.filter(({ data }) => data[0] === 'poison').length).toBe(invocations);
    expect(bench.failures()[0]!.requestContext).toMatchObject({
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: invocations,
    });
    expect(bench.calls.at(-1)!.data).toEqual(['next']);
  });

  it('holds up its shard while it is retried, and no other shard', async () => {
    const other = 'shardId-000000000001';
    const bench = mappingBench([shard, other]);
    bench.behave(throwsFor('poison'));
    put(bench, 'poison', 'behind');
    bench.stream.put(other, 'elsewhere');
    await bench.start({ batchSize: 1 });
    await bench.clock.advance(3_600_000);
    const seen = new Set(bench.calls.flatMap(({ data }) => data));
    expect(seen).toEqual(new Set(['poison', 'elsewhere']));
  });

  it('is invoked eight times within sixty seconds, as recorded from AWS', async () => {
    const bench = mappingBench();
    bench.behave(throwsFor('poison'));
    put(bench, 'poison');
    await bench.start({ maximumRecordAgeSeconds: 60 });
    await bench.clock.advance(120_000);
    expect(bench.failures()[0]!.requestContext).toMatchObject({
      condition: 'RecordAgeExceeded',
      approximateInvokeCount: 8,
    });
  });

  it('has a batch cut in half, the left half of an odd one smaller, until the poison record stands alone', async () => {
    const bench = mappingBench();
    bench.behave(throwsFor('poison'));
    put(bench, 'a', 'b', 'poison', 'c', 'd');
    await bench.start({ bisectBatchOnFunctionError: true, maximumRetryAttempts: 0 });
    await bench.clock.advance(60_000);
    expect(delivered(bench)).toEqual([
      ['a', 'b', 'poison', 'c', 'd'],
      ['a', 'b'],
      ['poison', 'c', 'd'],
      ['poison'],
      ['c', 'd'],
    ]);
    expect(bench.failures().map(({ KinesisBatchInfo }) => KinesisBatchInfo.batchSize)).toEqual([1]);
  });

  it('does not use up retries by being bisected', async () => {
    const bench = mappingBench();
    bench.behave(throwsFor('poison'));
    put(bench, 'a', 'poison');
    await bench.start({ bisectBatchOnFunctionError: true, maximumRetryAttempts: 2 });
    await bench.clock.advance(60_000);
    expect(delivered(bench).filter((data) => data.length === 1 && data[0] === 'poison').length).toBe(3);
    expect(bench.failures()[0]!.requestContext.approximateInvokeCount).toBe(3);
  });
});

describe('A report of batch item failures', () => {
  it.each([
    ['no failures', { batchItemFailures: [] }],
    ['null for the list', { batchItemFailures: null }],
    ['an empty object', {}],
    ['null', null],
    ['an empty string', ''],
    ['an empty list', []],
  ])('counts as success with %s', async (_, payload) => {
    const bench = mappingBench();
    bench.behave(() => returned(payload));
    put(bench, 'a', 'b');
    await bench.start();
    await bench.clock.advance(30_000);
    expect(delivered(bench)).toEqual([['a', 'b']]);
  });

  it.each([
    ['an empty identifier', [{ itemIdentifier: '' }]],
    ['a null identifier', [{ itemIdentifier: null }]],
    ['another key', [{ foo: '1' }]],
    ['an identifier that is not in the batch', [{ itemIdentifier: '42' }]],
    ['an unknown identifier beside a known one', 'mixed'],
  ])('makes the whole batch fail with %s', async (_, failures) => {
    const bench = mappingBench();
    bench.behave((call) =>
      returned({
        batchItemFailures:
          failures === 'mixed'
            ? [{ itemIdentifier: call.sequenceNumbers[1] }, { itemIdentifier: '42' }]
            : failures,
      }),
    );
    put(bench, 'a', 'b');
    await bench.start({ maximumRetryAttempts: 1 });
    await bench.clock.advance(30_000);
    expect(delivered(bench)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(bench.failures()[0]!.responseContext).toEqual({
      statusCode: 200,
      executedVersion: '$LATEST',
      functionError: null,
    });
  });

  it('is ignored unless the mapping asks for reports', async () => {
    const bench = mappingBench();
    bench.behave(reports('a'));
    put(bench, 'a', 'b');
    await bench.start({ reportBatchItemFailures: false });
    await bench.clock.advance(30_000);
    expect(delivered(bench)).toEqual([['a', 'b']]);
  });

  it('has everything from the lowest sequence number on delivered again, whatever else it lists', async () => {
    const bench = mappingBench();
    bench.behave((call, index) =>
      returned({
        batchItemFailures:
          index === 0 ? [3, 1].map((i) => ({ itemIdentifier: call.sequenceNumbers[i] })) : [],
      }),
    );
    put(bench, 'a', 'b', 'c', 'd');
    await bench.start();
    await bench.clock.advance(30_000);
    expect(delivered(bench)).toEqual([
      ['a', 'b', 'c', 'd'],
      ['b', 'c', 'd'],
    ]);
  });

  it('gives what is left a retry budget of its own: three retries make five deliveries of the last record', async () => {
    const bench = mappingBench();
    bench.behave(reports('poison'));
    put(bench, 'a', 'b', 'poison');
    await bench.start({ maximumRetryAttempts: 3 });
    await bench.clock.advance(60_000);
    expect(delivered(bench).filter((data) => data.includes('poison')).length).toBe(5);
    expect(bench.failures()[0]!).toMatchObject({
      requestContext: { approximateInvokeCount: 4 },
      responseContext: { functionError: null },
      KinesisBatchInfo: { batchSize: 1 },
    });
  });

  it('is cut at the reported record and not bisected, even where bisection is on', async () => {
    const bench = mappingBench();
    bench.behave(reports('poison'));
    put(bench, 'a', 'poison', 'b', 'c');
    await bench.start({ bisectBatchOnFunctionError: true, maximumRetryAttempts: 0 });
    await bench.clock.advance(60_000);
    expect(delivered(bench)).toEqual([
      ['a', 'poison', 'b', 'c'],
      ['poison', 'b', 'c'],
    ]);
  });
});

describe('The maximum age of records', () => {
  it('gives up just the leading records that are too old, and delivers the rest', async () => {
    const bench = mappingBench();
    const now = bench.clock.now();
    bench.stream.put(shard, 'ancient', { arrivedAt: now - 90_000 });
    bench.stream.put(shard, 'old', { arrivedAt: now - 61_000 });
    bench.stream.put(shard, 'young', { arrivedAt: now - 59_000 });
    await bench.start({ maximumRecordAgeSeconds: 60 });
    await bench.clock.settle();
    expect(delivered(bench)).toEqual([['young']]);
    expect(bench.failures()[0]!).toMatchObject({
      requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 1 },
      KinesisBatchInfo: { batchSize: 2 },
    });
  });

  it('leaves the response out of the document', async () => {
    const bench = mappingBench();
    bench.behave(threw);
    put(bench, 'a');
    await bench.start({ maximumRecordAgeSeconds: 60 });
    await bench.clock.advance(120_000);
    expect(bench.failures()[0]!).not.toHaveProperty('responseContext');
  });
});

describe('The on-failure object', () => {
  it('has the key, the members and the order that AWS writes', async () => {
    const bench = mappingBench();
    bench.behave(threw);
    const arrivedAt = Date.parse('2026-03-01T09:59:58.125Z');
    const first = bench.stream.put(shard, 'a', { arrivedAt });
    const last = bench.stream.put(shard, 'b', { arrivedAt: arrivedAt + 250 });
    await bench.start({ maximumRetryAttempts: 0 });
    await bench.clock.settle();
    const [object] = bench.objects;
    expect(object).toMatchObject({ bucket: 'failures', contentType: 'application/octet-stream' });
    expect(object!.key).toMatch(
      /^aws\/lambda\/11111111-2222-4333-8444-555555555555\/shardId-000000000000\/2026\/03\/01\/2026-03-01T10\.00\.00-[0-9a-f-]{36}$/,
    );
    const requestId = String(bench.failures()[0]!.requestContext.requestId);
    const payload = JSON.stringify(bench.calls[0]!.event);
    expect(object!.body.toString()).toBe(
      `{"requestContext":{"requestId":"${requestId}",` +
        '"functionArn":"arn:aws:lambda:us-east-1:000000000000:function:counter",' +
        '"condition":"RetryAttemptsExhausted","approximateInvokeCount":1},' +
        '"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},' +
        '"version":"1.0","timestamp":"2026-03-01T10:00:00.000Z",' +
        `"KinesisBatchInfo":{"shardId":"${shard}","startSequenceNumber":"${first.sequenceNumber}",` +
        `"endSequenceNumber":"${last.sequenceNumber}",` +
        '"approximateArrivalOfFirstRecord":"2026-03-01T09:59:58.125Z",' +
        '"approximateArrivalOfLastRecord":"2026-03-01T09:59:58.375Z",' +
        '"batchSize":2,"streamArn":"arn:aws:kinesis:us-east-1:000000000000:stream/clicks"},' +
        `"payload":${payload}}`,
    );
  });

  it('keeps its request id over the retries of a batch, and changes it for what is left of one', async () => {
    const bench = mappingBench();
    bench.behave((call) => (call.data.length === 2 ? reports('b')(call, 0) : threw()));
    put(bench, 'a', 'b', 'c');
    await bench.start({ batchSize: 2, maximumRetryAttempts: 2 });
    await bench.clock.advance(60_000);
    const ids = bench.failures().map(({ requestContext }) => requestContext.requestId);
    expect(new Set(ids).size).toBe(2);
  });

  it('is written for a record that no event can hold, which uses up the retries without reaching the function', async () => {
    const bench = mappingBench();
    put(bench, 'x'.repeat(5 * 1024 * 1024), 'next');
    await bench.start({ maximumRetryAttempts: 2 });
    await bench.clock.advance(60_000);
    expect(delivered(bench)).toEqual([['next']]);
    expect(bench.failures()[0]!).toMatchObject({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
    });
    expect(bench.failures()[0]!).not.toHaveProperty('responseContext');
  });

  it('is tried until the bucket takes it, before the shard goes on', async () => {
    const bench = mappingBench();
    bench.behave(throwsFor('poison'));
    let refusals = 3;
    const stored: string[] = [];
    put(bench, 'poison', 'next');
    await bench.start(
      { batchSize: 1, maximumRetryAttempts: 0 },
      {
        objects: {
          put: async ({ key }) => {
            if (refusals-- > 0) throw new Error('SlowDown');
            expect(bench.calls.length).toBe(1);
            stored.push(key);
          },
        },
      },
    );
    await bench.clock.advance(60_000);
    expect(stored.length).toBe(1);
    expect(bench.calls.at(-1)!.data).toEqual(['next']);
  });
});

describe('Shards', () => {
  const [left, right, merged] = [
    'shardId-000000000001',
    'shardId-000000000002',
    'shardId-000000000003',
  ] as const;

  it('are read to the end before their children are', async () => {
    const bench = mappingBench();
    put(bench, 'parent-1', 'parent-2');
    bench.stream.split(shard, left, right);
    bench.stream.put(left, 'left');
    bench.stream.put(right, 'right');
    bench.behave((_, index) => (index < 3 ? threw() : returned(null)));
    await bench.start({ batchSize: 1 });
    await bench.clock.advance(60_000);
    const order = bench.calls.slice(3).map(({ data }) => data[0]);
    expect(order.slice(0, 2)).toEqual(['parent-1', 'parent-2']);
    expect(order.slice(2).sort()).toEqual(['left', 'right']);
  });

  it('that were merged wait for both parents', async () => {
    const bench = mappingBench([left, right]);
    bench.stream.put(left, 'left');
    bench.stream.put(right, 'stuck');
    bench.stream.merge(left, right, merged);
    bench.stream.put(merged, 'merged');
    let healed = false;
    bench.behave((call) => (call.data[0] === 'stuck' && !healed ? threw() : returned(null)));
    await bench.start();
    await bench.clock.advance(60_000);
    expect(bench.calls.map(({ data }) => data[0])).not.toContain('merged');
    healed = true;
    await bench.clock.advance(60_000);
    expect(bench.calls.at(-1)!.data).toEqual(['merged']);
  });

  it('that appear later are found, and read from their beginning even where the mapping starts at LATEST', async () => {
    const bench = mappingBench();
    bench.stream.put(shard, 'before', { arrivedAt: bench.clock.now() - 1 });
    await bench.start({ startingPosition: 'LATEST' });
    await bench.clock.advance(5_000);
    put(bench, 'after');
    bench.stream.split(shard, left, right);
    bench.stream.put(left, 'child');
    await bench.clock.advance(60_000);
    expect(delivered(bench)).toEqual([['after'], ['child']]);
  });

  it('starts though the stream does not tell its shards at first', async () => {
    const bench = mappingBench();
    put(bench, 'a');
    bench.stream.failNext('listShards', new Error('LimitExceededException'), 3);
    const onFault = jest.fn();
    await bench.clock.until(bench.start({}, { onFault }));
    await bench.clock.settle();
    expect(delivered(bench)).toEqual([['a']]);
    expect(onFault.mock.calls.map(([what]) => what)).toEqual(Array(3).fill('listing the shards'));
  });

  it('are read on with a new iterator when the old one has expired or the stream refuses a call', async () => {
    const bench = mappingBench();
    await bench.start();
    bench.stream.failNext('read', Object.assign(new Error(), { name: 'ExpiredIteratorException' }));
    bench.stream.failNext('getIterator', new Error('InternalFailure'), 2);
    put(bench, 'a');
    await bench.clock.advance(60_000);
    expect(delivered(bench)).toEqual([['a']]);
  });
});

describe('After a restart', () => {
  it('the mapping goes on after the last record that was done with, wherever it first started', async () => {
    const bench = mappingBench();
    const first = await bench.start({ startingPosition: 'LATEST' });
    put(bench, 'a', 'b');
    await bench.clock.advance(5_000);
    await bench.clock.until(first.stop());
    put(bench, 'c');
    await bench.start({ startingPosition: 'LATEST' });
    await bench.clock.advance(5_000);
    expect(delivered(bench)).toEqual([['a', 'b'], ['c']]);
  });

  it('a batch whose end was not put on record is delivered again', async () => {
    const bench = mappingBench();
    put(bench, 'a');
    bench.behave(() => new Promise(() => {}));
    await bench.start();
    await bench.clock.settle();
    bench.behave(() => returned(null));
    await bench.start();
    await bench.clock.settle();
    expect(delivered(bench)).toEqual([['a'], ['a']]);
  });

  it('a place that cannot be kept stops the mapping with the reason, and nothing more is delivered', async () => {
    const bench = mappingBench();
    put(bench, 'a', 'b');
    const full = new Error('no space left on device');
    const mapping = await bench.start(
      { batchSize: 1 },
      {
        checkpoints: {
          get: bench.checkpoints.get,
          put: async (key, value) => {
            if (key.endsWith(shard)) throw full;
            await bench.checkpoints.put(key, value);
          },
        },
      },
    );
    await expect(mapping.finished).rejects.toBe(full);
    expect(delivered(bench)).toEqual([['a']]);
  });
});

describe('Draining', () => {
  it('delivers at once what waits for its window, through to the children of shards that have ended', async () => {
    const [left, right] = ['shardId-000000000001', 'shardId-000000000002'] as const;
    const bench = mappingBench();
    put(bench, 'parent');
    bench.stream.split(shard, left, right);
    bench.stream.put(left, 'left');
    bench.stream.put(right, 'right');
    const mapping = await bench.start({ maximumBatchingWindowSeconds: 300 });
    const start = bench.clock.now();
    await bench.clock.until(mapping.drain());
    expect(delivered(bench).flat().sort()).toEqual(['left', 'parent', 'right']);
    expect(bench.clock.now() - start).toBeLessThan(300_000);
    expect(mapping.status()).toMatchObject({ delivered: 3, lagMs: 0 });
  });

  it('comes to an end when it is asked for just as a shard has ended', async () => {
    const [left, right] = ['shardId-000000000001', 'shardId-000000000002'] as const;
    const bench = mappingBench();
    put(bench, 'parent');
    bench.stream.split(shard, left, right);
    bench.stream.put(left, 'left');
    let rememberEnd = (): void => {};
    const { checkpoints } = bench;
    const slow: CheckpointStore = {
      get: checkpoints.get,
      put: async (key, value) => {
        const isEnd = key.includes(shard) && JSON.stringify(value).includes('ended');
        if (isEnd) await new Promise<void>((resolve) => (rememberEnd = resolve));
        await checkpoints.put(key, value);
      },
    };
    const mapping = await bench.start({}, { checkpoints: slow });
    await bench.clock.advance(10);
    const drained = mapping.drain();
    await bench.clock.settle();
    rememberEnd();
    await bench.clock.until(drained);
    expect(delivered(bench)).toEqual([['parent'], ['left']]);
  });

  it('waits for a batch that is being retried', async () => {
    const bench = mappingBench();
    bench.behave((_, index) => (index < 3 ? threw() : returned(null)));
    put(bench, 'a');
    const mapping = await bench.start();
    await bench.clock.until(mapping.drain());
    expect(bench.calls.length).toBe(4);
  });
});

describe('Whatever the function does', () => {
  const verdict = fc.constantFrom('ok', 'throw', 'report-first', 'report-later', 'nonsense');
  const settings = fc.record({
    batchSize: fc.integer({ min: 1, max: 5 }),
    maximumRetryAttempts: fc.integer({ min: 0, max: 3 }),
    bisectBatchOnFunctionError: fc.boolean(),
    maximumBatchingWindowSeconds: fc.integer({ min: 0, max: 3 }),
  });

  it('every record is delivered or given up, in the order of the shard, and none is skipped', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 12 }),
        fc.array(verdict, { maxLength: 40 }),
        settings,
        async (records, script, spec) => {
          const bench = mappingBench();
          const sent = put(bench, ...Array.from({ length: records }, (_, i) => `record-${i}`));
          const settled: string[] = [];
          bench.behave((call, index) => {
            const answer = script[index] ?? 'ok';
            const { sequenceNumbers } = call;
            const later = Math.min(1, sequenceNumbers.length - 1);
            if (answer === 'throw') return threw();
            if (answer === 'nonsense')
              return returned({ batchItemFailures: [{ itemIdentifier: 'no such record' }] });
            if (answer === 'ok') settled.push(...sequenceNumbers);
            if (answer === 'report-later') settled.push(...sequenceNumbers.slice(0, later));
            const failed = { 'report-first': 0, 'report-later': later }[answer as string];
            return returned({
              batchItemFailures: failed === undefined ? [] : [{ itemIdentifier: sequenceNumbers[failed] }],
            });
          });
          const mapping = await bench.start(spec, {
            objects: {
              put: async ({ body }) => {
                const { payload } = JSON.parse(body.toString()) as { payload: string };
                const event = JSON.parse(payload) as { Records: { kinesis: { sequenceNumber: string } }[] };
                settled.push(...event.Records.map(({ kinesis }) => kinesis.sequenceNumber));
              },
            },
          });
          await bench.clock.until(mapping.drain());
          expect(settled).toEqual(sent);
          await bench.clock.until(mapping.stop());
        },
      ),
      { numRuns: 300 },
    );
  });
});
