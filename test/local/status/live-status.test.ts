import { Writable } from 'node:stream';
import { type LiveStatusPorts, showLiveStatus } from '../../../local/status/live-status';
import type { PipelineState } from '../../../local/status/pipeline-state';

/** Where a status is shown. */
function screen(properties: { readonly isTTY?: boolean; readonly columns?: number } = {}) {
  const written: string[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      written.push(String(chunk));
      done();
    },
  });
  return { stream: Object.assign(stream, properties), written };
}

const counted = (events: number): PipelineState => ({
  counted: events,
  duplicates: 0,
  invalid: 0,
  archived: 0,
  onFailure: 0,
  lagMs: 0,
  nextObjectMs: undefined,
  archiveLateMs: undefined,
  others: [],
  faults: 0,
  injected: undefined,
  alarms: [],
  producer: undefined,
});
const shown = (events: number): string =>
  `counted ${events} · archived 0 · invalid 0 · on failure 0 · lag 0.0 s`;

function show(
  stderrProperties: { readonly isTTY?: boolean; readonly columns?: number },
  read: LiveStatusPorts['read'],
  jsonLines = false,
) {
  const stderr = screen(stderrProperties);
  const stdout = screen();
  const status = showLiveStatus({
    stdout: stdout.stream,
    stderr: stderr.stream,
    jsonLines,
    read,
    now: () => Date.UTC(2026, 2, 1),
  });
  return { status, errors: stderr.written, output: stdout.written };
}

const clear = '\r\u001b[K';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('the live status on a terminal', () => {
  const terminal = { isTTY: true, columns: 90 };

  it('is one line that is written anew every second', async () => {
    let reads = 0;
    const { status, errors } = show(terminal, async () => counted(++reads));
    await jest.advanceTimersByTimeAsync(3_000);
    await status.end();

    // At its end it tells the state once more, so that what stays on the screen is how it ended.
    expect(errors).toEqual([...[1, 2, 3, 4].map((events) => clear + shown(events)), '\n']);
  });

  it('never wraps into a second line', async () => {
    const { status, errors } = show({ isTTY: true, columns: 20 }, async () => counted(7));
    await jest.advanceTimersByTimeAsync(1_000);
    await status.end();

    expect(errors[0]).toBe(`${clear}lag 0.0 s`);
  });

  it('makes room for notes above it', async () => {
    const { status, errors } = show(terminal, async () => counted(7));
    await jest.advanceTimersByTimeAsync(1_000);
    status.note('line 7 skipped');
    await status.end();

    expect(errors[1]).toBe(`${clear}line 7 skipped\n${shown(7)}`);
  });

  it('keeps what it showed while the state cannot be told', async () => {
    const answers = [async () => counted(7), () => Promise.reject(new Error('no answer'))];
    const { status, errors } = show(terminal, () => (answers.shift() ?? (async () => counted(8)))());
    await jest.advanceTimersByTimeAsync(3_000);
    await status.end();

    expect(errors.slice(0, 2)).toEqual([clear + shown(7), clear + shown(8)]);
  });

  it('waits for a slow answer before it asks again', async () => {
    let asked = 0;
    const { status } = show(terminal, () => {
      asked++;
      return new Promise(() => {});
    });
    await jest.advanceTimersByTimeAsync(4_000);
    expect(asked).toBe(1);
    const ended = status.end();
    await jest.advanceTimersByTimeAsync(5_000);
    await ended;
  });

  it('shows nothing more once it has ended, however late an answer comes', async () => {
    let answer: (state: PipelineState) => void = () => {};
    const { status, errors } = show(
      terminal,
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    await jest.advanceTimersByTimeAsync(1_000);
    const ended = status.end();
    await jest.advanceTimersByTimeAsync(5_000);
    await ended;
    await status.end();
    answer(counted(7));
    await jest.advanceTimersByTimeAsync(5_000);
    status.note('bye');

    expect(errors).toEqual(['\n', 'bye\n']);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('the live status elsewhere', () => {
  it('is a line every ten seconds, without control characters and without notes lost', async () => {
    let reads = 0;
    const { status, errors } = show({}, async () => counted(++reads));
    await jest.advanceTimersByTimeAsync(10_000);
    status.note('line 7 skipped');
    await jest.advanceTimersByTimeAsync(10_000);
    await status.end();

    expect(errors).toEqual([`${shown(1)}\n`, 'line 7 skipped\n', `${shown(2)}\n`, `${shown(3)}\n`]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does not repeat itself while nothing happens', async () => {
    const { status, errors } = show({}, async () => counted(7));
    await jest.advanceTimersByTimeAsync(60_000);
    await status.end();

    expect(errors).toEqual([`${shown(7)}\n`]);
  });
});

describe('the status for machines', () => {
  it('is a line of JSON each second on standard output, and one at the end, and no line beside it', async () => {
    let reads = 0;
    const { status, errors, output } = show({ isTTY: true, columns: 90 }, async () => counted(++reads), true);
    await jest.advanceTimersByTimeAsync(2_000);
    status.note('line 7 skipped');
    await status.end();

    expect(output.map((line) => JSON.parse(line))).toMatchObject(
      [1, 2, 3].map((events) => ({ type: 'status', time: '2026-03-01T00:00:00.000Z', counted: events })),
    );
    expect(output.every((line) => line.endsWith('\n'))).toBe(true);
    expect(errors).toEqual(['line 7 skipped\n']);
  });
});
