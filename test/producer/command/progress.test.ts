import { PassThrough } from 'node:stream';
import type { InputProgress } from '../../../producer/command/input-progress';
import { createInputProgress, createRemaining } from '../../../producer/command/input-progress';
import { parseTraffic } from '../../../producer/command/options';
import {
  type ProgressOptions,
  showProgress,
  statusLine,
  type Tick,
} from '../../../producer/command/progress';
import type { RunStats } from '../../../producer/command/run-producer';

const stats: RunStats = {
  read: 900,
  accepted: 800,
  retried: 12,
  throttled: 9,
  throttledByShard: {},
  failed: 0,
  ambiguous: 3,
  outstanding: 100,
  inFlight: 2,
  requests: 40,
  records: 60,
  acceptedBytes: 123_456,
  skippedLines: 1,
  excludedLines: 4,
  behindMs: 5,
  elapsedMs: 4000,
  latencyMs: { p50: 8.26, p99: 120.4 },
};

const tick = (more: Partial<RunStats> = {}, remainingMs?: number): Tick => ({
  stats: { ...stats, ...more },
  eventsPerSecond: 1234.5,
  bytes: undefined,
  remainingMs,
});

describe('the status line', () => {
  it('says how it stands', () => {
    expect(statusLine(tick())).toBe(
      '1235 events/s  accepted 800  retried 12  in flight 2  p50/p99 8.3/120.4 ms',
    );
  });

  it('fits 80 columns on an ordinary run of a file', () => {
    const many = { accepted: 1_234_567, retried: 0, latencyMs: { p50: 85.6, p99: 1204 } };
    expect(statusLine(tick(many, 3_725_000))).toBe(
      '1235 events/s  accepted 1234567  ETA 1 h 2 min  in flight 2  p50/p99 86/1204 ms',
    );
    expect(statusLine(tick(many, 3_725_000)).length).toBeLessThan(80);
  });

  it('says how long it still takes, what failed, and how late it is', () => {
    expect(statusLine(tick({ failed: 7, behindMs: 61_000 }, 3_725_000))).toBe(
      '1235 events/s  accepted 800  ETA 1 h 2 min  failed 7  retried 12  behind 1 min 1 s  in flight 2  p50/p99 8.3/120.4 ms',
    );
  });

  it('names the shards that refused most', () => {
    const throttledByShard = {
      'shardId-000000000000': 4,
      'shardId-000000000012': 90,
      'shardId-000000000007': 5,
      unknown: 1,
      'shardId-000000000100': 60,
    };
    expect(statusLine(tick({ throttledByShard }))).toContain('  throttled 12:90 100:60 7:5 +2 shards  ');
  });
});

describe('the rest of a run', () => {
  it('is estimated from the pace', () => {
    const remaining = createRemaining();
    expect(remaining(0.1, 1000)).toBeCloseTo(9000);
    expect(remaining(0.2, 2000)).toBeCloseTo(8000);
  });

  it('forgets what went faster in the beginning', () => {
    const remaining = createRemaining();
    remaining(0.5, 500);
    let last: number | undefined;
    for (let second = 1; second <= 60; second++) last = remaining(0.5 + second / 1000, 500 + second * 1000);
    // 0.44 at 0.001 a second are 440 s.
    expect(last).toBeCloseTo(440_000);
  });

  it.each([
    [{ input: '-' }, undefined],
    [{}, undefined],
    [{ count: '3600' }, 0.25],
    [{ duration: '40' }, 0.1],
    [{ count: '3600', duration: '5' }, 0.8],
    [{ input: __filename }, 0],
    [{ input: [__filename, '-'] }, undefined],
    [{ input: '/nowhere' }, undefined],
  ])('of %j is known by what ends it', async (values, fraction) => {
    expect((await createInputProgress(parseTraffic(values))).fraction(stats)).toBe(fraction);
  });
});

describe('progress', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  function show(more: Partial<ProgressOptions> & { readonly isTTY?: boolean }) {
    let elapsedMs = 0;
    const next = () => {
      elapsedMs += 500;
      return { ...stats, elapsedMs, accepted: elapsedMs };
    };
    const run = { stats: next };
    const input: InputProgress = {
      onRead: () => {},
      bytes: () => ({ read: 25, total: 100 }),
      fraction: () => 0.25,
    };
    const stdout = new PassThrough();
    const stderr = Object.assign(new PassThrough(), { isTTY: more.isTTY ?? false, columns: 40 });
    const display = showProgress({
      ...{ run, input, stdout, stderr, json: false, quiet: false, acknowledges: false },
      ...more,
    });
    const read = (stream: PassThrough) => stream.read()?.toString() ?? '';
    return { display, out: () => read(stdout), err: () => read(stderr) };
  }

  it('is one JSON object a second for machines', () => {
    const { display, out, err } = show({ json: true });
    jest.advanceTimersByTime(2000);
    display.end();
    jest.advanceTimersByTime(2000);

    const lines = out().trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      type: 'progress',
      accepted: 500,
      inFlight: 2,
      outstanding: 100,
      eventsPerSecond: 1000,
      latencyMs: { p50: 8.26, p99: 120.4 },
      bytesRead: 25,
      bytesTotal: 100,
      etaSeconds: 2,
    });
    expect(err()).toBe('');
  });

  it('is a line on a terminal that fits it, and makes way for notes', () => {
    const { display, err } = show({ isTTY: true });
    jest.advanceTimersByTime(500);
    const line = '1000 events/s  accepted 500  ETA 2 s  retried 12  in flight 2'.slice(0, 39);
    expect(err()).toBe(`\r\u001b[K${line}`);
    display.note('line 7 skipped');
    expect(err()).toBe(`\r\u001b[Kline 7 skipped\n${line}`);
    display.end();
    expect(err()).toBe('\r\u001b[K');
  });

  it('is a line every ten seconds where nobody watches', () => {
    const { display, out, err } = show({ isTTY: false });
    jest.advanceTimersByTime(20_000);
    display.end();
    jest.advanceTimersByTime(20_000);

    const lines = err().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^\d+ events\/s {2}accepted 500 .* in flight 2 /);
    expect(out()).toBe('');
  });

  it.each([
    [{ isTTY: true, quiet: true, json: true }],
    [{ isTTY: true, acknowledges: true }],
    [{ isTTY: false, quiet: true }],
    [{ isTTY: false, acknowledges: true }],
    [{ isTTY: false, json: true, quiet: true }],
  ])('is not shown with %j, and notes are lines', (more) => {
    const { display, out, err } = show(more);
    jest.advanceTimersByTime(20_000);
    display.note('a note');
    display.end();

    expect(out()).toBe('');
    expect(err()).toBe('a note\n');
  });
});
