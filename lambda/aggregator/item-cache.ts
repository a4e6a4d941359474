import { type CounterKey, itemId } from '../../domain/counter-item';

/** What a warm function remembers of items of the table. */
export interface ItemCache<T> {
  get(key: CounterKey): T | undefined;
  set(key: CounterKey, value: T): void;
  delete(key: CounterKey): void;
}

/** @param maxSize of all values together; beyond, those go that were not used for longest */
export function itemCache<T>(maxSize: number, sizeOf: (value: T) => number): ItemCache<T> {
  // In the order of use: a Map goes through its entries in the order in which they were added.
  const values = new Map<string, T>();
  let size = 0;
  const remove = (id: string): void => {
    const value = values.get(id);
    if (value === undefined) return;
    values.delete(id);
    size -= sizeOf(value);
  };
  return {
    get: (key) => {
      const id = itemId(key);
      const value = values.get(id);
      if (value === undefined) return undefined;
      values.delete(id);
      values.set(id, value);
      return value;
    },
    set: (key, value) => {
      const id = itemId(key);
      remove(id);
      values.set(id, value);
      size += sizeOf(value);
      for (const oldest of values.keys()) {
        if (size <= maxSize) break;
        remove(oldest);
      }
    },
    delete: (key) => remove(itemId(key)),
  };
}
