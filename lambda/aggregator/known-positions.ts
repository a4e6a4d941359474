import { type CounterKey, itemId } from '../../domain/counter-item';
import type { Position } from '../../domain/position';

/**
 * How far items have counted, as far as a warm function has seen it. An item may be further by now, never less far:
 * what it has counted up to a position that is known here need not be asked again.
 */
export interface KnownPositions {
  get(key: CounterKey): Position | undefined;
  set(key: CounterKey, position: Position): void;
  delete(key: CounterKey): void;
}

/** @param most items that it remembers; beyond, those go that were not looked at for longest */
export function knownPositions(most: number): KnownPositions {
  // In the order of use: a Map goes through its entries in the order in which they were added.
  const positions = new Map<string, Position>();
  return {
    get: (key) => {
      const id = itemId(key);
      const position = positions.get(id);
      if (position === undefined) return undefined;
      positions.delete(id);
      positions.set(id, position);
      return position;
    },
    set: (key, position) => {
      const id = itemId(key);
      positions.delete(id);
      positions.set(id, position);
      const oldest = positions.size > most ? positions.keys().next().value : undefined;
      if (oldest !== undefined) positions.delete(oldest);
    },
    delete: (key) => {
      positions.delete(itemId(key));
    },
  };
}
