import type { UniqueItem } from '../../domain/unique-item';
import { type ItemCache, itemCache } from './item-cache';

/**
 * What a warm function knows of the table: items as it has last read or written them. Another function may have
 * written since; the version shows it at the next write, and what an item has taken once it does not lose.
 */
export type UniquesCache = ItemCache<UniqueItem>;

/** @param maxBytes of memory that it takes, roughly */
export function uniquesCache(maxBytes: number): UniquesCache {
  return itemCache(maxBytes, bytesOf);
}

// What V8 takes for a key, an entry of a map and a view of bytes, over their contents; and for an item.
const sketchOverhead = 250;
const itemOverhead = 500;

function bytesOf({ sketches }: UniqueItem): number {
  let bytes = itemOverhead;
  for (const [attribute, sketch] of sketches) bytes += attribute.length * 2 + sketch.length + sketchOverhead;
  return bytes;
}
