import { gunzipSync } from 'node:zlib';
import type { ObjectStore, StoredObject } from '../../local/object-store';

export interface MemoryObjectStore extends ObjectStore {
  /** Objects by key, in the order in which they were first stored. */
  readonly objects: ReadonlyMap<string, StoredObject>;
  readonly puts: number;
  /** The next `times` puts reject. */
  failNext(times: number, error?: Error): void;
  /** The plain bytes of an object, decoded as its content encoding says. */
  plain(key: string): Buffer;
  keys(prefix?: string): readonly string[];
}

export function createMemoryObjectStore(): MemoryObjectStore {
  const objects = new Map<string, StoredObject>();
  const failures: Error[] = [];
  let puts = 0;
  return {
    objects,
    get puts() {
      return puts;
    },
    put: async (object) => {
      puts += 1;
      const failure = failures.shift();
      if (failure) throw failure;
      objects.set(object.key, object);
    },
    failNext: (times, error = new Error('503 SlowDown')) => {
      for (let i = 0; i < times; i++) failures.push(error);
    },
    plain: (key) => {
      const object = objects.get(key);
      if (!object) throw new Error(`no object ${key}`);
      return object.contentEncoding === 'gzip' ? gunzipSync(object.body) : object.body;
    },
    keys: (prefix = '') => [...objects.keys()].filter((key) => key.startsWith(prefix)),
  };
}
