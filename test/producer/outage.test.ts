import { createProducer, type ProducerClient } from '../../producer/client/producer';
import type { Receipt } from '../../producer/client/receipt';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock';
import { awsError, createFakeKinesis } from './fake-kinesis';
import { createFakeStream } from './fake-stream';

const retryForMs = 60_000;
/** A backoff's longest wait, and the answer's. */
const roundMs = 6_000;

function setUp(clock: VirtualClock, client: ProducerClient) {
  const producer = createProducer({
    ...{ client, clock, retryForMs },
    streamName: 'clicks',
    random: () => 0.9,
    packing: 'none',
  });
  const settled: { readonly text: string; readonly at: number; readonly receipt: Receipt }[] = [];
  const send = (visitor: string, text: string) =>
    void producer.send({ data: Buffer.from(text), partitionKey: visitor }).then((receipt) => {
      settled.push({ text, at: clock.now(), receipt });
    });
  return { producer, send, settled };
}

/** An endpoint that is down until then. */
function setUpOutage(until = Number.POSITIVE_INFINITY) {
  const clock = createVirtualClock(0);
  const kinesis = createFakeKinesis(
    () => (clock.now() < until ? awsError('InternalFailure', 500) : 'accept'),
    () => clock.sleep(10),
  );
  return { clock, kinesis, ...setUp(clock, kinesis.client) };
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `event ${index}`);

describe("a visitor's events, a record each, while the endpoint is down", () => {
  it('do not each wait their time to be tried one after the other', async () => {
    const { clock, producer, send, settled } = setUpOutage();
    for (const text of numbered(40)) send('one visitor', text);
    await clock.until(producer.close());

    expect(settled.map(({ text }) => text)).toEqual(numbered(40));
    expect(settled.every(({ receipt }) => !receipt.accepted && receipt.reason === 'given_up')).toBe(true);
    expect(settled[0]!.at).toBeGreaterThanOrEqual(retryForMs);
    expect(settled.at(-1)!.at).toBeLessThan(retryForMs + 3 * roundMs);
    expect(producer.stats()).toMatchObject({ failed: 40, outstanding: 0 });
  });

  it('are tried for their time from when they came, if that was later', async () => {
    const { clock, producer, send, settled } = setUpOutage();
    send('one visitor', 'early');
    await clock.advance(50_000);
    send('one visitor', 'late');
    await clock.until(producer.close());

    expect(settled.map(({ text }) => text)).toEqual(['early', 'late']);
    const [early, late] = settled.map(({ at }) => at) as [number, number];
    expect(early).toBeLessThan(retryForMs + 2 * roundMs);
    expect(late).toBeGreaterThanOrEqual(50_000 + retryForMs);
    expect(late).toBeLessThan(50_000 + retryForMs + 2 * roundMs);
  });

  it('are all accepted if it is back before the first is given up', async () => {
    const { clock, producer, kinesis, send } = setUpOutage(45_000);
    for (const text of numbered(12)) send('one visitor', text);
    await clock.until(producer.close());

    expect(kinesis.stored).toEqual(numbered(12));
  });
});

describe('a record that Kinesis always refuses', () => {
  it('is given up after its time, and the events behind it of the same visitor are not', async () => {
    const poison = 'longer than the others, '.repeat(3);
    const clock = createVirtualClock(0);
    const stream = createFakeStream(1, {
      delay: () => clock.sleep(10),
      verdict: () => ({ fails: (_record, _shard, bytes) => bytes > 50 }),
    });
    const { send, settled, producer } = setUp(clock, stream.client);
    send('one visitor', poison);
    for (const text of numbered(9)) send('one visitor', text);
    await clock.until(producer.close());

    const given = settled.filter(({ receipt }) => !receipt.accepted).map(({ text }) => text);
    expect(given).toEqual([poison]);
    expect(settled[0]!.at).toBeGreaterThanOrEqual(retryForMs);
    expect(settled.map(({ text }) => text)).toEqual([poison, ...numbered(9)]);
  });
});
