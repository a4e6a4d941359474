import type { Position } from '../../domain/position';
import { type ItemCache, itemCache } from './item-cache';

/**
 * How far items have counted, as far as a warm function has seen it. An item may be further by now, never less far:
 * what it has counted up to a position that is known here need not be asked again.
 */
export type KnownPositions = ItemCache<Position>;

/** @param most items that it remembers */
export function knownPositions(most: number): KnownPositions {
  return itemCache(most, () => 1);
}
