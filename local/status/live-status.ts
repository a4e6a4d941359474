import type { Writable } from 'node:stream';

const intervalMs = 1_000;
const clearLine = '\r\u001b[K';

export interface LiveStatus {
  /** Prints a line of its own above the status. */
  note(text: string): void;
  /** Shows the state once more, as it is now, and leaves it there. */
  end(): Promise<void>;
}

/** Keeps one line up to date on a terminal. Elsewhere only notes are printed. */
export function showLiveStatus(
  stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number },
  render: () => Promise<string>,
): LiveStatus {
  let line = '';
  let ended = !stderr.isTTY;
  const refresh = async (): Promise<void> => {
    const text = await render().catch(() => line);
    if (ended) return;
    line = text.slice(0, Math.max((stderr.columns ?? 120) - 1, 0));
    stderr.write(clearLine + line);
  };
  const refreshing = ended ? undefined : setInterval(() => void refresh(), intervalMs);
  return {
    note: (text) => void stderr.write(ended ? `${text}\n` : `${clearLine}${text}\n${line}`),
    end: async () => {
      clearInterval(refreshing);
      if (ended) return;
      // Where the state cannot be told any more, what was shown last has to do.
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, intervalMs);
      });
      await Promise.race([refresh(), late]);
      clearTimeout(timer);
      stderr.write('\n');
      ended = true;
    },
  };
}
