import type { Writable } from 'node:stream';
import type { ProducerRun, RunStats } from './run';
import { progress } from './text';

export interface ProgressDisplay {
  /** Prints a line of its own, above the status line if there is one. */
  note(text: string): void;
  end(): void;
}

const intervalMs = 500;
const clearLine = '\r\u001b[K';

/** Keeps a status line on a terminal; elsewhere, or if something else is printed for each event, only the notes. */
export function showProgress(
  run: ProducerRun,
  stderr: Writable & { readonly isTTY?: boolean },
  silent: boolean,
): ProgressDisplay {
  if (!stderr.isTTY || silent) return { note: (text) => void stderr.write(`${text}\n`), end: () => {} };
  let before: RunStats | undefined;
  let line = '';
  const timer = setInterval(() => {
    const stats = run.stats();
    line = progress(stats, before);
    before = stats;
    stderr.write(clearLine + line);
  }, intervalMs);
  return {
    note: (text) => void stderr.write(`${clearLine}${text}\n${line}`),
    end() {
      clearInterval(timer);
      if (line !== '') stderr.write(clearLine);
      line = '';
    },
  };
}
