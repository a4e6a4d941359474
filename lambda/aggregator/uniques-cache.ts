import { type CounterKey, itemId } from '../../domain/counter-item';
import type { UniqueItem } from '../../domain/unique-item';

/**
 * What a warm function knows of the table: items as it has last read or written them. Another function may have
 * written since; the version shows it at the next write, and what an item has taken once it does not lose.
 */
export interface UniquesCache {
  get(key: CounterKey): UniqueItem | undefined;
  set(key: CounterKey, item: UniqueItem): void;
  delete(key: CounterKey): void;
}

/** @param maxBytes of memory that it takes, roughly; beyond, the items go that were not used for longest */
export function uniquesCache(maxBytes: number): UniquesCache {
  // In the order of use: a Map goes through its entries in the order in which they were added.
  const items = new Map<string, UniqueItem>();
  let bytes = 0;
  const remove = (id: string): void => {
    const item = items.get(id);
    if (!item) return;
    items.delete(id);
    bytes -= bytesOf(item);
  };
  return {
    get: (key) => {
      const id = itemId(key);
      const item = items.get(id);
      if (!item) return undefined;
      items.delete(id);
      items.set(id, item);
      return item;
    },
    set: (key, item) => {
      const id = itemId(key);
      remove(id);
      items.set(id, item);
      bytes += bytesOf(item);
      for (const oldest of items.keys()) {
        if (bytes <= maxBytes) break;
        remove(oldest);
      }
    },
    delete: (key) => remove(itemId(key)),
  };
}

// What V8 takes for a key, an entry of a map and a view of bytes, over their contents; and for an item.
const sketchOverhead = 250;
const itemOverhead = 500;

function bytesOf({ sketches }: UniqueItem): number {
  let bytes = itemOverhead;
  for (const [attribute, sketch] of sketches) bytes += attribute.length * 2 + sketch.length + sketchOverhead;
  return bytes;
}
