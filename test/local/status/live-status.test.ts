import { Writable } from 'node:stream';
import { showLiveStatus } from '../../../local/status/live-status';

/** Where a status is shown: standard error as far as it matters. */
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

const clear = '\r\u001b[K';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('the live status on a terminal', () => {
  const terminal = { isTTY: true, columns: 20 };

  it('is one line that is written anew every second', async () => {
    const { stream, written } = screen(terminal);
    let renderings = 0;
    const status = showLiveStatus(stream, async () => `state ${++renderings}`);
    await jest.advanceTimersByTimeAsync(3_000);
    await status.end();

    // At its end it tells the state once more, so that what stays on the screen is how it ended.
    const states = [1, 2, 3, 4].map((n) => `${clear}state ${n}`);
    expect(written).toEqual([...states, '\n']);
  });

  it('never wraps into a second line', async () => {
    const { stream, written } = screen(terminal);
    const status = showLiveStatus(stream, async () => 'x'.repeat(50));
    await jest.advanceTimersByTimeAsync(1_000);
    await status.end();

    expect(written[0]).toBe(clear + 'x'.repeat(19));
  });

  it('makes room for notes above it', async () => {
    const { stream, written } = screen(terminal);
    const status = showLiveStatus(stream, async () => 'state');
    await jest.advanceTimersByTimeAsync(1_000);
    status.note('line 7 skipped');
    await status.end();

    expect(written[1]).toBe(`${clear}line 7 skipped\nstate`);
  });

  it('keeps what it showed while the state cannot be told', async () => {
    const { stream, written } = screen(terminal);
    const answers = [async () => 'state', () => Promise.reject(new Error('no answer'))];
    const status = showLiveStatus(stream, () => (answers.shift() ?? (async () => 'again'))());
    await jest.advanceTimersByTimeAsync(3_000);
    await status.end();

    expect(written.slice(0, 3)).toEqual([`${clear}state`, `${clear}state`, `${clear}again`]);
  });

  it('shows nothing more once it has ended, however late an answer comes', async () => {
    const { stream, written } = screen(terminal);
    let answer: (text: string) => void = () => {};
    const status = showLiveStatus(
      stream,
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    await jest.advanceTimersByTimeAsync(1_000);
    const ended = status.end();
    await jest.advanceTimersByTimeAsync(1_000);
    await ended;
    await status.end();
    answer('too late');
    await jest.advanceTimersByTimeAsync(5_000);
    status.note('bye');

    expect(written).toEqual(['\n', 'bye\n']);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('the live status elsewhere', () => {
  it('is notes alone, without control characters', async () => {
    const { stream, written } = screen();
    const render = jest.fn(async () => 'state');
    const status = showLiveStatus(stream, render);
    await jest.advanceTimersByTimeAsync(5_000);
    status.note('line 7 skipped');
    await status.end();

    expect(written).toEqual(['line 7 skipped\n']);
    expect(render).not.toHaveBeenCalled();
    expect(jest.getTimerCount()).toBe(0);
  });
});
