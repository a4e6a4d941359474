import { closeSync, openSync, readSync, statSync } from 'node:fs';

const chunkBytes = 1024 * 1024;

/** The lines that are appended to a file from now on. */
export interface LogTail {
  /** Those that were completed since the last call. */
  read(): readonly string[];
}

/** Follows a file that others append to, and that may not be there yet. What it holds already is left out. */
export function tailLog(path: string): LogTail {
  const size = (): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  let position = size();
  let rest = Buffer.alloc(0);
  return {
    read: () => {
      if (size() <= position) return [];
      const lines: string[] = [];
      const file = openSync(path, 'r');
      try {
        const chunk = Buffer.alloc(chunkBytes);
        for (;;) {
          const bytes = readSync(file, chunk, 0, chunk.length, position);
          if (bytes === 0) break;
          position += bytes;
          const text = Buffer.concat([rest, chunk.subarray(0, bytes)]);
          const end = text.lastIndexOf(0x0a) + 1;
          rest = text.subarray(end);
          // One by one: a chunk may have more lines than a call takes arguments.
          if (end > 0) for (const line of text.toString('utf8', 0, end - 1).split('\n')) lines.push(line);
        }
      } finally {
        closeSync(file);
      }
      return lines;
    },
  };
}
