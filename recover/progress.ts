import type { Writable } from 'node:stream';

export interface Progress {
  show(text: string): void;
  end(): void;
}

const clearLine = '\r\u001b[K';

/** Keeps one line up to date on a terminal; says nothing elsewhere. */
export function showProgress(stderr: Writable & { readonly isTTY?: boolean }): Progress {
  if (!stderr.isTTY) return { show: () => {}, end: () => {} };
  return {
    show: (text) => void stderr.write(`${clearLine}${text}`),
    end: () => void stderr.write(clearLine),
  };
}
