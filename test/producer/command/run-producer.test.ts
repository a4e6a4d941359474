import { PassThrough, Readable } from 'node:stream';
import { type Clock, systemClock } from '../../../cli/clock';
import { parseTraffic, type TrafficValues } from '../../../producer/command/options';
import { type RunPorts, runProducer } from '../../../producer/command/run-producer';
import { createVirtualClock } from '../../support/virtual-clock';
import { awsError, createFakeKinesis, type FakeKinesis } from '../fake-kinesis';

function setUp(
  values: TrafficValues,
  kinesis: FakeKinesis = createFakeKinesis(),
  ports: Partial<RunPorts> = {},
) {
  const clock = createVirtualClock();
  const run = runProducer(
    parseTraffic(values),
    { client: kinesis.client, streamName: 'clicks', clock, random: () => 0.5, ...ports },
    { packing: 'none' },
  );
  return { clock, run, kinesis };
}

const input = { input: '-', format: 'ndjson' };
const lines = (...texts: string[]) => Readable.from([Buffer.from(`${texts.join('\n')}\n`)]);

describe('a run of the producer', () => {
  it('stops after the count', async () => {
    const { run, clock, kinesis } = setUp({ rate: '100', count: '250' });

    expect(await clock.until(run.finished)).toMatchObject({ read: 250, accepted: 250, endedBy: 'count' });
    expect(kinesis.stored).toHaveLength(250);
  });

  it('stops after the duration, which the rate fills exactly', async () => {
    const { run, clock } = setUp({ rate: '20', duration: '3' });

    const summary = await clock.until(run.finished);
    expect(summary).toMatchObject({ read: 60, accepted: 60, endedBy: 'duration' });
    expect(summary.elapsedMs).toBeGreaterThanOrEqual(3000);
  });

  it('stops after the duration even while an input keeps silent', async () => {
    const { run, clock } = setUp({ ...input, duration: '3' }, undefined, { stdin: new PassThrough() });

    await clock.advance(3000);
    expect(await run.finished).toMatchObject({ read: 0, endedBy: 'duration' });
  });

  it('knows the duration’s end for what it is though its timer came a little early', async () => {
    const clock = createVirtualClock();
    const sleep: Clock['sleep'] = (ms, signal) => clock.sleep(ms === 3000 ? ms - 0.4 : ms, signal);
    const { run } = setUp({ ...input, duration: '3' }, undefined, {
      stdin: new PassThrough(),
      clock: { ...clock, sleep },
    });

    await clock.advance(2999.9);
    expect(await run.finished).toMatchObject({ endedBy: 'duration' });
  });

  it('sends what it read before the signal, and no more', async () => {
    const stop = new AbortController();
    const { run, clock } = setUp({ rate: '10' }, undefined, { signal: stop.signal });
    await clock.advance(1000);
    stop.abort();

    const summary = await clock.until(run.finished);
    expect(summary).toMatchObject({ endedBy: 'signal', outstanding: 0, failed: 0 });
    expect(summary.accepted).toBe(summary.read);
    expect(summary.read).toBe(11);
  });

  it('sends one event a second at once, each in a request of its own', async () => {
    const { run, clock, kinesis } = setUp({ count: '3' });
    await clock.advance(0);
    expect(kinesis.requests).toHaveLength(1);

    await clock.until(run.finished);
    expect(kinesis.requests.map((request) => request.length)).toEqual([1, 1, 1]);
  });

  it('lets an event wait for company no longer than it takes, and no longer than it was told', async () => {
    const latencies = async (lingerMs?: number) => {
      const clock = createVirtualClock();
      const { client, requests } = createFakeKinesis(undefined, () => clock.sleep(20));
      const settings = lingerMs === undefined ? {} : { lingerMs };
      const run = runProducer(
        parseTraffic({ rate: '20', count: '40' }),
        { client, streamName: 'clicks', clock },
        settings,
      );
      const { latencyMs } = await clock.until(run.finished);
      return { p99: latencyMs.p99!, requests: requests.length };
    };
    const byDefault = await latencies();
    expect(byDefault.p99).toBeLessThan(73);
    expect(byDefault.requests).toBe(40);
    const told = await latencies(200);
    expect(told.p99).toBeLessThan(225);
    expect(told.requests).toBeLessThan(12);
  });

  it('tells each acceptance, failure and skipped line', async () => {
    const told: unknown[] = [];
    const kinesis = createFakeKinesis((request) =>
      request === 0 ? { fail: new Map([[1, 'InternalFailure']]) } : 'accept',
    );
    const large = JSON.stringify({ visitorId: 'v', filler: 'x'.repeat(1024 * 1024) });
    const { run } = setUp(input, kinesis, {
      stdin: lines('{"visitorId":"a"}', 'nonsense', '', '{"visitorId":"b"}', large),
      onAccepted: ({ line }, { attempts }) => told.push(['accepted', line, attempts]),
      onFailed: ({ line }, { reason }) => told.push(['failed', line, reason]),
      onSkipped: ({ line, reason }) => told.push(['skipped', line, reason]),
      // Reading a stream is not seen by the virtual clock.
      clock: systemClock,
    });

    expect(await run.finished).toMatchObject({
      read: 3,
      accepted: 2,
      failed: 1,
      skippedLines: 1,
      retried: 1,
      endedBy: 'input',
    });
    expect(told).toHaveLength(4);
    expect(told).toEqual(
      expect.arrayContaining([
        ['skipped', 2, 'not a JSON object'],
        ['failed', 5, 'too_large'],
        ['accepted', 1, 1],
        ['accepted', 4, 2],
      ]),
    );
  });

  it('stops reading when the stream refuses, and says why', async () => {
    const kinesis = createFakeKinesis((request) =>
      request < 2 ? 'accept' : awsError('ResourceNotFoundException', 400),
    );
    const { run, clock } = setUp({}, kinesis);

    const summary = await clock.until(run.finished);
    expect(summary).toMatchObject({ read: 3, accepted: 2, failed: 1, endedBy: 'fault' });
    expect(summary.fault?.name).toBe('ResourceNotFoundException');
  });

  it('ends with the error of a caller who cannot take a receipt', async () => {
    const { run, clock } = setUp({ rate: '10' }, undefined, {
      onAccepted: () => {
        throw new Error('disk full');
      },
    });

    await expect(clock.until(run.finished)).rejects.toThrow('disk full');
  });

  it('ends with a named mistake for an input that is not there', async () => {
    const { run } = setUp({ input: '/no/such/file' });

    await expect(run.finished).rejects.toMatchObject({ name: 'SetupError' });
  });

  it('shows how it stands at any time', async () => {
    const { run, clock } = setUp({ rate: '10' });
    await clock.advance(2050);

    expect(run.stats()).toMatchObject({
      read: 21,
      accepted: 21,
      failed: 0,
      skippedLines: 0,
      elapsedMs: 2050,
    });
    expect(run.stats().latencyMs.p50).toBeGreaterThan(45);
  });
});
