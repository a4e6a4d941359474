import type { CheckpointStore } from '../../local/checkpoint-store';

export interface MemoryCheckpointStore extends CheckpointStore {
  /** Every write so far, in order. */
  readonly writes: readonly { readonly key: string; readonly value: unknown }[];
  /** The document under `key` as it stands, without the round trip of a promise. */
  peek(key: string): unknown;
  keys(): readonly string[];
}

/** Documents go through JSON, as on disk: a caller that keeps a reference cannot change what is stored. */
export function createMemoryCheckpointStore(): MemoryCheckpointStore {
  const documents = new Map<string, string>();
  const writes: { key: string; value: unknown }[] = [];
  const peek = (key: string) => {
    const text = documents.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  };
  return {
    writes,
    peek,
    keys: () => [...documents.keys()],
    get: async (key) => peek(key),
    put: async (key, value) => {
      const text = JSON.stringify(value);
      documents.set(key, text);
      writes.push({ key, value: JSON.parse(text) });
    },
  };
}
