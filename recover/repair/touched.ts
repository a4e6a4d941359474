import { type CounterKey, itemId } from '../../domain/counter-item';
import { type DuplicateFilter, foldLines, type PlacedLine } from '../../domain/fold';
import type { WindowSize } from '../../domain/window';

export interface TouchedItem {
  readonly key: CounterKey;
  readonly window: WindowSize;
}

/**
 * The items that lines may count in, by id. Whether an event is a duplicate is not looked at, since that depends on
 * more than these lines: both what it counts in as one, and what it counts in otherwise.
 */
export function touchedItems(
  shard: string,
  lines: readonly PlacedLine[],
  removesDuplicates: boolean,
): ReadonlyMap<string, TouchedItem> {
  const filters: DuplicateFilter[] = [() => false, ...(removesDuplicates ? [() => true] : [])];
  const runs = filters.flatMap((isDuplicate) => foldLines(shard, lines, isDuplicate).runs);
  return new Map(runs.map(({ key, window }) => [itemId(key), { key, window }]));
}
