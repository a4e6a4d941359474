import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { types } from 'node:util';
import { plainReason } from '../../cli/plain-reason';
import { SetupError } from '../../cli/setup-error';
import { encodeLine, type LedgerLine } from './line';

/** The file of a ledger, to which lines are added and in which nothing is ever changed. */
export interface LedgerFile {
  /** Adds a line, which is in the file at the next `flush`, or after so many others. */
  add(line: LedgerLine): void;
  /** Afterwards the lines are in the file, whatever becomes of this process. */
  flush(): void;
  /** Flushes, and waits for the disk. Of a file that could not be written any more, it closes it alone. */
  close(): void;
}

const bufferedCharacters = 64 * 1024;

/**
 * Writes are synchronous and many lines large: a queue before a slow disk would have to be bounded, and its lines would
 * be lost with the process. Readable by its owner only.
 *
 * @param how `new`: throws a `SetupError` if the file is there already; `resume`: a line that was cut off is ended
 */
export function openLedgerFile(path: string, how: 'new' | 'resume'): LedgerFile {
  const file = open(path, how);
  let waiting = '';
  let broken: Error | undefined;
  if (how === 'resume' && !endsInLineFeed(file)) waiting = '\n';

  const flush = () => {
    if (broken) throw broken;
    const bytes = Buffer.from(waiting);
    waiting = '';
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    } catch (error) {
      // Nothing is written behind a line that was cut off, or a reader would take the ledger for damaged.
      broken = new Error(`the ledger ${path} cannot be written: ${plainReason(error)}`, { cause: error });
      throw broken;
    }
  };

  return {
    add(line) {
      waiting += encodeLine(line);
      if (waiting.length >= bufferedCharacters) flush();
    },
    flush,
    close() {
      try {
        if (!broken) {
          flush();
          fsyncSync(file);
        }
      } finally {
        closeSync(file);
      }
    },
  };
}

function open(path: string, how: 'new' | 'resume'): number {
  try {
    return openSync(path, how === 'new' ? 'ax+' : 'a+', 0o600);
  } catch (error) {
    if (types.isNativeError(error) && 'code' in error && error.code === 'EEXIST') {
      throw new SetupError(
        `--ledger ${path} is there already: go on with it by --resume ${path}, or name another file`,
      );
    }
    throw new SetupError(`the ledger ${path} cannot be written: ${plainReason(error)}`);
  }
}

function endsInLineFeed(file: number): boolean {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] === 0x0a;
}
