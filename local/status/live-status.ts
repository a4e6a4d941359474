import type { Writable } from 'node:stream';
import type { PipelineState } from './pipeline-state';
import { statusJson } from './status-json';
import { statusLine } from './status-line';

/** On a terminal, and for machines. */
const liveMs = 1_000;
/** A log says that the pipeline runs, and is still read by people. */
const logMs = 10_000;
/** How long the last look at the state may take. */
const lastLookMs = 5_000;
const clearLine = '\r\u001b[K';
const columnsOfUnknown = 80;

export interface LiveStatus {
  /** Prints a line of its own, above the status on a terminal. */
  note(text: string): void;
  /** Shows the state once more, as it is now, and leaves it there. */
  end(): Promise<void>;
}

export interface LiveStatusPorts {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** A line of JSON each second on standard output. */
  readonly jsonLines: boolean;
  readonly read: () => Promise<PipelineState>;
  readonly now: () => number;
}

/**
 * Keeps one line up to date on a terminal; elsewhere it prints a line every ten seconds, if there is news; or, for
 * machines, one each second.
 */
export function showLiveStatus({ stdout, stderr, jsonLines, read, now }: LiveStatusPorts): LiveStatus {
  const isLive = !jsonLines && stderr.isTTY === true;
  let line = '';
  let ended = false;
  let reading: Promise<void> | undefined;

  const show = (state: PipelineState): void => {
    if (jsonLines) {
      stdout.write(`${statusJson(state, now())}\n`);
      return;
    }
    // A line that wraps could not be cleared.
    const columns = isLive ? (stderr.columns ?? columnsOfUnknown) - 1 : Number.POSITIVE_INFINITY;
    const text = statusLine(state, columns);
    if (isLive) stderr.write(clearLine + text);
    else if (text !== line) stderr.write(`${text}\n`);
    line = text;
  };
  const refresh = async (): Promise<void> => {
    // What cannot be told now is told the next time.
    const state = await read().catch(() => undefined);
    if (state && !ended) show(state);
  };
  /** One look at a time: a slow one is not overtaken by the next. */
  const refreshInTurn = (): Promise<void> => {
    reading ??= refresh().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const timer = setInterval(() => void refreshInTurn(), jsonLines || isLive ? liveMs : logMs);

  return {
    note: (text) => void stderr.write(isLive && !ended ? `${clearLine}${text}\n${line}` : `${text}\n`),
    end: async () => {
      clearInterval(timer);
      if (ended) return;
      let timeout: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timeout = setTimeout(resolve, lastLookMs);
      });
      const lastLook = Promise.resolve(reading).then(refresh);
      await Promise.race([lastLook, late]);
      clearTimeout(timeout);
      if (isLive) stderr.write('\n');
      ended = true;
    },
  };
}
