import fc from 'fast-check';
import type { OutgoingEvent } from '../../../producer/client/outgoing-event';
import { createProducer, type ProducerOptions } from '../../../producer/client/producer';
import type { Receipt } from '../../../producer/client/receipt';
import { createVirtualClock } from '../../support/virtual-clock';
import { type Answer, awsError, createFakeKinesis, type FakeKinesis, networkError } from '../fake-kinesis';

const throttled = 'ProvisionedThroughputExceededException';

function events(count: number, bytes = 20): OutgoingEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    data: Buffer.from(`${index}`.padEnd(bytes, '.')),
    partitionKey: `visitor-${index}`,
  }));
}

function setUp(kinesis: FakeKinesis, options: Partial<ProducerOptions> = {}) {
  const clock = createVirtualClock();
  const producer = createProducer({
    client: kinesis.client,
    streamName: 'clicks',
    clock,
    random: () => 0.5,
    packing: 'none',
    shardBudget: 'unlimited',
    ...options,
  });
  /** Sends everything with back-pressure, and waits for the receipts. */
  const sendAll = async (all: readonly OutgoingEvent[]): Promise<Receipt[]> => {
    const receipts: Promise<Receipt>[] = [];
    const feeding = (async () => {
      for (const event of all) {
        await producer.room();
        receipts.push(producer.send(event));
      }
      await producer.flush();
    })();
    await clock.until(feeding);
    return Promise.all(receipts);
  };
  return { clock, producer, sendAll };
}

/** Fails the first entries of each of the first requests. */
function failFirst(entries: number, requests: number, code = throttled) {
  return (request: number, records: number): Answer => {
    if (request >= requests) return 'accept';
    return { fail: new Map(Array.from({ length: Math.min(entries, records) }, (_, index) => [index, code])) };
  };
}

describe('the producer', () => {
  it('fills requests of 500 records, and sends the rest on flush', async () => {
    const kinesis = createFakeKinesis();
    const { sendAll, producer } = setUp(kinesis);

    await sendAll(events(1203));

    expect(kinesis.requests.map((request) => request.length)).toEqual([500, 500, 203]);
    expect(producer.stats()).toMatchObject({ produced: 1203, accepted: 1203, failed: 0, requests: 3 });
  });

  it('counts bytes, keys included, and not characters', async () => {
    const kinesis = createFakeKinesis();
    const { sendAll } = setUp(kinesis, { maxRequestBytes: 1024 * 1024 });
    // 300,000 characters of 900,000 bytes: four fit one request by characters, and one by bytes.
    const large = { data: Buffer.from('€'.repeat(300_000)), partitionKey: 'ключ' };

    await sendAll([large, large, large]);

    expect(kinesis.requestBytes).toEqual([900_008, 900_008, 900_008]);
  });

  it('sends what waited for the linger time, without a flush', async () => {
    const kinesis = createFakeKinesis();
    const { clock, producer } = setUp(kinesis, { lingerMs: 70 });

    void producer.send(events(1)[0]!);
    await clock.advance(69);
    expect(kinesis.requests).toHaveLength(0);
    void producer.send(events(2)[1]!);
    await clock.advance(1);

    expect(kinesis.requests.map((request) => request.length)).toEqual([2]);
  });

  it('gives each event the place that Kinesis named', async () => {
    const { sendAll } = setUp(createFakeKinesis(failFirst(1, 1)));

    const [first, second] = await sendAll(events(2));

    expect(second).toEqual({
      accepted: true,
      shardId: 'shardId-000000000007',
      sequenceNumber: '1',
      subSequenceNumber: 0,
      httpStatus: 200,
      attempts: 1,
    });
    expect(first).toMatchObject({ accepted: true, sequenceNumber: '2', attempts: 2 });
  });

  it('sends only the failed entries of a request again', async () => {
    const kinesis = createFakeKinesis((request) =>
      request === 0
        ? {
            fail: new Map([
              [1, throttled],
              [3, 'InternalFailure'],
            ]),
          }
        : 'accept',
    );
    const { sendAll, producer } = setUp(kinesis);

    await sendAll(events(5, 1));

    expect(kinesis.requests).toEqual([
      ['0', '1', '2', '3', '4'],
      ['1', '3'],
    ]);
    expect(producer.stats()).toMatchObject({
      accepted: 5,
      retried: 2,
      throttled: 1,
      failed: 0,
      ambiguous: 0,
    });
  });

  it('waits longer before each attempt, with jitter', async () => {
    const times: number[] = [];
    const kinesis = createFakeKinesis((request) => {
      times.push(clock.now());
      return failFirst(1, 4)(request, 1);
    });
    const { clock, sendAll } = setUp(kinesis, { lingerMs: 0, backoff: { baseMs: 80, capMs: 300 } });

    await sendAll(events(1));

    // Half (the random number) of 80, 160, 300 and 300.
    expect(times.slice(1).map((time, index) => time - times[index]!)).toEqual([40, 80, 150, 150]);
  });

  it('gives up after the budget of attempts, and says why', async () => {
    const kinesis = createFakeKinesis(failFirst(1, 99));
    const { sendAll, producer } = setUp(kinesis, { maxAttempts: 4 });

    const [receipt] = await sendAll(events(1));

    expect(receipt).toEqual({
      accepted: false,
      reason: 'given_up',
      code: throttled,
      message: `${throttled} for this record`,
      attempts: 4,
      mayHaveArrived: false,
    });
    expect(kinesis.requests).toHaveLength(4);
    expect(producer.stats()).toMatchObject({ accepted: 0, failed: 1, retried: 3, throttled: 4 });
  });

  it('holds fresh events back while others wait to be sent again', async () => {
    const kinesis = createFakeKinesis(failFirst(500, 1));
    const { clock, producer } = setUp(kinesis, { backoff: { baseMs: 1000, capMs: 1000 }, maxInFlight: 1 });

    for (const event of events(700)) void producer.send(event);
    await clock.advance(499);
    expect(kinesis.requests).toHaveLength(1);
    await clock.advance(1);

    expect(kinesis.requests.map((request) => request[0]!.replaceAll('.', ''))).toEqual(['0', '0', '500']);
  });

  it('sends again after a lost answer, and says that the events may be there twice', async () => {
    const kinesis = createFakeKinesis((request) => (request === 0 ? 'lose_answer' : 'accept'));
    const { sendAll, producer } = setUp(kinesis);

    await sendAll(events(3, 1));

    expect(kinesis.stored).toEqual(['0', '1', '2', '0', '1', '2']);
    expect(producer.stats()).toMatchObject({ accepted: 3, retried: 3, failed: 0, ambiguous: 3 });
  });

  it('does not call an event that may have arrived simply failed', async () => {
    const { sendAll } = setUp(
      createFakeKinesis(() => 'lose_answer'),
      { maxAttempts: 2 },
    );

    const [receipt] = await sendAll(events(1));

    expect(receipt).toMatchObject({ accepted: false, reason: 'given_up', mayHaveArrived: true });
  });

  it('treats a throttled request as throttled entries, with nothing in doubt', async () => {
    const kinesis = createFakeKinesis((request) => (request === 0 ? awsError(throttled, 400) : 'accept'));
    const { sendAll, producer } = setUp(kinesis);

    await sendAll(events(4));

    expect(producer.stats()).toMatchObject({ accepted: 4, throttled: 4, ambiguous: 0 });
  });

  it('repeats what KMS refuses while a key is switched, and gives up when the event has had its time', async () => {
    const refused = awsError('KMSAccessDeniedException', 400);
    const granted = setUp(createFakeKinesis((request) => (request < 3 ? refused : 'accept')));
    const never = setUp(
      createFakeKinesis(() => refused),
      { retryForMs: 7_000 },
    );

    await granted.sendAll(events(4));
    const [receipt] = await never.sendAll(events(1));

    expect(granted.producer.stats()).toMatchObject({ accepted: 4, retried: 12, failed: 0, ambiguous: 0 });
    expect(receipt).toMatchObject({
      accepted: false,
      reason: 'given_up',
      code: 'KMSAccessDeniedException',
      mayHaveArrived: false,
    });
    expect(never.producer.fault()).toBeUndefined();
  });

  it('stops at an error that no attempt mends, and gives everything a receipt', async () => {
    const kinesis = createFakeKinesis((request) =>
      request === 0 ? 'accept' : awsError('ExpiredTokenException', 400),
    );
    const { sendAll, producer } = setUp(kinesis, { maxInFlight: 1 });

    const receipts = await sendAll(events(1300));

    expect(kinesis.requests).toHaveLength(2);
    expect(receipts.filter(({ accepted }) => accepted)).toHaveLength(500);
    expect(receipts[900]).toMatchObject({
      accepted: false,
      reason: 'refused',
      code: 'ExpiredTokenException',
    });
    expect(producer.fault()?.name).toBe('ExpiredTokenException');
    expect(producer.stats()).toMatchObject({ accepted: 500, failed: 800, outstanding: 0 });
    await expect(producer.send(events(1)[0]!)).resolves.toMatchObject({ reason: 'refused' });
  });

  it('takes an address where nobody ever listened for a mistake', async () => {
    const kinesis = createFakeKinesis(() => networkError('ECONNREFUSED'));
    const { sendAll, producer } = setUp(kinesis);

    await sendAll(events(1));

    expect(kinesis.requests).toHaveLength(1);
    expect(producer.fault()?.message).toBe('connect ECONNREFUSED');
  });

  it('waits out an address that stops listening later', async () => {
    const kinesis = createFakeKinesis((request) => (request === 1 ? networkError('ECONNREFUSED') : 'accept'));
    const { sendAll, producer } = setUp(kinesis);

    await sendAll(events(2));
    await sendAll(events(2));

    expect(producer.stats()).toMatchObject({ accepted: 4, retried: 2, ambiguous: 0 });
  });

  it('stops at a defect instead of hiding it', async () => {
    const { sendAll, producer } = setUp(createFakeKinesis(() => new RangeError('our own mistake')));

    await sendAll(events(2));

    expect(producer.fault()).toEqual(new RangeError('our own mistake'));
  });

  it('never sends a record above 1 MiB, its key counted', async () => {
    const kinesis = createFakeKinesis();
    const { sendAll } = setUp(kinesis);
    const largest = { data: Buffer.alloc(1024 * 1024 - 3, 'x'), partitionKey: 'key' };

    const [fits, not] = await sendAll([largest, { ...largest, partitionKey: 'key4' }]);

    expect(fits).toMatchObject({ accepted: true });
    expect(not).toMatchObject({ accepted: false, reason: 'too_large', attempts: 0 });
    expect(kinesis.stored).toHaveLength(1);
  });

  it('keeps the requests in flight and the events in memory within their bounds', async () => {
    const clock = createVirtualClock();
    const kinesis = createFakeKinesis(
      () => 'accept',
      () => clock.sleep(100),
    );
    const producer = createProducer({
      client: kinesis.client,
      streamName: 'clicks',
      clock,
      packing: 'none',
      maxInFlight: 3,
      maxBufferedEvents: 2000,
    });
    let most = 0;
    const feeding = (async () => {
      for (const event of events(9000)) {
        await producer.room();
        void producer.send(event);
        most = Math.max(most, producer.stats().outstanding);
      }
      await producer.close();
    })();
    await clock.until(feeding);

    expect(kinesis.mostInFlight()).toBe(3);
    expect(most).toBe(2000);
    expect(producer.stats()).toMatchObject({ accepted: 9000, outstanding: 0 });
  });

  it('bounds the bytes in memory as well, and sends what waits when they are used up', async () => {
    const clock = createVirtualClock();
    const kinesis = createFakeKinesis(
      () => 'accept',
      () => clock.sleep(100),
    );
    const { producer } = setUp(kinesis, { clock, maxBufferedBytes: 1000, lingerMs: 60_000 });
    let roomAt = 0;

    const start = clock.now();
    for (const event of events(10, 110)) void producer.send(event);
    expect(producer.hasRoom()).toBe(false);
    const room = producer.room().then(() => {
      roomAt = clock.now();
    });
    await clock.until(room);

    expect(roomAt - start).toBe(100);
    expect(producer.hasRoom()).toBe(true);
  });

  it('measures latency from the handing over to the acceptance, retries included', async () => {
    const { sendAll, producer } = setUp(createFakeKinesis(failFirst(1, 1)), {
      lingerMs: 0,
      backoff: { baseMs: 400, capMs: 400 },
    });

    await sendAll(events(1));

    expect(producer.stats().latencyMs.p99).toBeGreaterThan(196);
    expect(producer.stats().latencyMs.p99).toBeLessThan(204);
  });

  it('tells outcomes without a promise as well, all of them before it is closed', async () => {
    const { clock, producer } = setUp(createFakeKinesis(failFirst(2, 1, 'InternalFailure')));
    const told: [OutgoingEvent, number][] = [];
    const settled = (receipt: Receipt, event: OutgoingEvent) => void told.push([event, receipt.attempts]);
    const large = { data: Buffer.alloc(1024 * 1024), partitionKey: 'large' };

    const [first, second, third] = events(3);
    for (const event of [first!, second!, third!, large]) producer.deliver(event, settled);
    expect(told).toEqual([[large, 0]]);
    await clock.until(producer.close());

    expect(told.slice(1)).toEqual([
      [third, 1],
      [first, 2],
      [second, 2],
    ]);
    expect(() => producer.deliver(first!, settled)).toThrow('the producer is closed');
  });

  it('refuses events after it was closed', async () => {
    const { clock, producer } = setUp(createFakeKinesis());
    await clock.until(producer.close());

    await expect(producer.send(events(1)[0]!)).rejects.toThrow('the producer is closed');
  });

  it.each([1024 * 1024 - 1, 10 * 1024 * 1024 + 1, Number.NaN])(
    'refuses a request limit of %d bytes',
    (maxRequestBytes) => {
      expect(() => setUp(createFakeKinesis(), { maxRequestBytes })).toThrow(
        `maxRequestBytes is ${maxRequestBytes}; allowed: 1048576 to 10485760`,
      );
    },
  );

  it('loses and doubles nothing, and keeps every limit, whatever fails', async () => {
    const verdict = fc.oneof(
      { weight: 4, arbitrary: fc.constant<Step>('accept') },
      { weight: 4, arbitrary: fc.infiniteStream(fc.boolean()).map((stream): Step => stream) },
      { weight: 1, arbitrary: fc.constantFrom<Step>('throttle', 'fatal', 'lose_answer') },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(verdict, { maxLength: 12 }),
        fc.integer({ min: 0, max: 1300 }),
        fc.array(fc.integer({ min: 300_000, max: 1_060_000 }), { maxLength: 8 }),
        fc.integer({ min: 1024 * 1024, max: 2 * 1024 * 1024 }),
        fc.integer({ min: 1, max: 3 }),
        async (script, small, large, maxRequestBytes, maxInFlight) => {
          const kinesis = createFakeKinesis((request, records) => answerOf(script[request], records));
          const { sendAll, producer } = setUp(kinesis, { maxRequestBytes, maxAttempts: 3, maxInFlight });
          const all = numberedEvents([...large, ...Array.from({ length: small }, () => 10)]);

          const receipts = await sendAll(all);

          const copies = new Map<string, number>();
          for (const text of kinesis.stored) {
            const id = text.slice(0, text.indexOf(' '));
            copies.set(id, (copies.get(id) ?? 0) + 1);
          }
          const { ambiguous, accepted, failed, outstanding } = producer.stats();
          const wrong = receipts.filter((receipt, index) => {
            const stored = copies.get(String(index)) ?? 0;
            if (ambiguous === 0) return stored !== (receipt.accepted ? 1 : 0);
            return receipt.accepted ? stored < 1 : stored > 0 && !receipt.mayHaveArrived;
          });
          expect(wrong).toEqual([]);
          expect(accepted).toBe(receipts.filter((receipt) => receipt.accepted).length);
          expect({ sum: accepted + failed, outstanding }).toEqual({ sum: all.length, outstanding: 0 });
          expect(Math.max(0, ...kinesis.requests.map((request) => request.length))).toBeLessThanOrEqual(500);
          expect(Math.max(0, ...kinesis.requestBytes)).toBeLessThanOrEqual(maxRequestBytes);
        },
      ),
      { numRuns: 80 },
    );
  });
});

type Step = 'accept' | 'throttle' | 'fatal' | 'lose_answer' | fc.Stream<boolean>;

function answerOf(step: Step = 'accept', records: number): Answer {
  if (step === 'accept' || step === 'lose_answer') return step;
  if (step === 'throttle') return awsError(throttled, 400);
  if (step === 'fatal') return awsError('AccessDeniedException', 400);
  const failing = Array.from({ length: records }, (_, index) => index).filter(() => step.next().value);
  return { fail: new Map(failing.map((index) => [index, throttled])) };
}

/** Events of so many bytes, each with its number in front. */
function numberedEvents(sizes: readonly number[]): OutgoingEvent[] {
  const filler = Buffer.alloc(1_060_000, 'x');
  return sizes.map((size, index) => ({
    data: Buffer.concat([Buffer.from(`${index} `), filler.subarray(0, size)]),
    partitionKey: `visitor-${index}`,
  }));
}
