import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointStore } from '../checkpoint-store';

/** Keeps each document in a file of its own in `folder`, which is made if missing. */
export function createFileCheckpointStore(folder: string): CheckpointStore {
  /** The write under way for each key: the next one waits, so that the last `put` is what stays. */
  const writes = new Map<string, Promise<void>>();

  return {
    async get<T>(key: string): Promise<T | undefined> {
      await writes.get(key)?.catch(() => {});
      const file = join(folder, fileName(key));
      const text = await readFile(file, 'utf8').catch((error) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      return text === undefined ? undefined : (parse(file, key, text) as T);
    },

    put(key, value) {
      const text = JSON.stringify({ key, value });
      const before = writes.get(key) ?? Promise.resolve();
      const write = before.catch(() => {}).then(() => writeWhole(folder, fileName(key), text));
      const done = write.finally(() => {
        if (writes.get(key) === done) writes.delete(key);
      });
      writes.set(key, done);
      return done;
    },
  };
}

/** Any key gives a valid name, also on file systems without case: a readable start and a digest of the whole. */
function fileName(key: string): string {
  const readable = key.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 80);
  return `${readable}.${createHash('sha256').update(key).digest('hex').slice(0, 16)}.json`;
}

function parse(file: string, key: string, text: string): unknown {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not a checkpoint: it does not hold JSON; start anew with --fresh`, {
      cause: error,
    });
  }
  if (typeof document === 'object' && document !== null && 'key' in document && 'value' in document) {
    if (document.key === key) return document.value;
  }
  throw new Error(`${file} is not the checkpoint of ${JSON.stringify(key)}; start anew with --fresh`);
}

async function writeWhole(folder: string, name: string, text: string): Promise<void> {
  const file = join(folder, name);
  const unfinished = `${file}.new`;
  try {
    await mkdir(folder, { recursive: true });
    const handle = await open(unfinished, 'w');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOSPC' ? 'the disk is full' : message;
    throw new Error(`cannot save the checkpoint ${file}: ${reason}`, { cause: error });
  }
}
