import { gunzipSync, gzipSync } from 'node:zlib';
import type { ObjectStore } from '../../recover/objects/object-store';

export interface MemoryBucket extends ObjectStore {
  readonly objects: Map<string, { readonly body: Buffer; readonly writtenAt: number }>;
  keys(): string[];
}

/** A bucket in memory. `now` dates what is put. */
export function createMemoryBucket(now: () => number = () => 0): MemoryBucket {
  const objects: MemoryBucket['objects'] = new Map();
  const keys = () => [...objects.keys()].sort();
  return {
    objects,
    keys,
    async *list(prefix, after = '') {
      for (const key of keys()) {
        const object = objects.get(key);
        if (object && key.startsWith(prefix) && key > after) yield { key, writtenAt: object.writtenAt };
      }
    },
    get: async (key) => {
      const body = objects.get(key)?.body;
      return body?.[0] === 0x1f && body[1] === 0x8b ? gunzipSync(body) : body;
    },
    put: async (key, body) => {
      objects.set(key, { body, writtenAt: now() });
    },
    putGzip: async (key, body) => {
      objects.set(key, { body: gzipSync(body), writtenAt: now() });
    },
    create: async (key, body) => {
      if (objects.has(key)) throw new Error(`there is an object ${key} already`);
      objects.set(key, { body, writtenAt: now() });
    },
    delete: async (key) => {
      objects.delete(key);
    },
    move: async (from, to) => {
      const object = objects.get(from);
      if (!object) throw new Error(`no object ${from}`);
      objects.set(to, object);
      objects.delete(from);
    },
  };
}
