/**
 * Keeps a consumer's place, one small JSON document a key. `put` resolves when the document would survive
 * the death of the process: a reader sees the old document or the new one, never a torn one.
 */
export interface CheckpointStore {
  get<T>(key: string): Promise<T | undefined>;
  put<T>(key: string, value: T): Promise<void>;
}
