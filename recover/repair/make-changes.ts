import { forEachConcurrently } from '../../domain/concurrency';
import type { CounterKey } from '../../domain/counter-item';
import type { Position } from '../../domain/position';
import type { ItemsTable } from '../table/items-table';
import type { Change } from './change';

export interface PlannedItem {
  readonly key: CounterKey;
  /** Where the item stood when it was read; undefined if there was none. */
  readonly held: Position | undefined;
  readonly change: Change;
}

/** What a change makes of its item. */
export const outcomeOf = { write: 'written', remove: 'removed', equal: 'right', expired: 'expired' } as const;
export type ItemOutcome = (typeof outcomeOf)[Change['kind']];

export const concurrentWrites = 32;

/**
 * Makes the changes, or in a dry run none of them, and tells of those that are done.
 *
 * @returns the items that have moved on since they were read, and are left
 */
export async function makeChanges(
  items: readonly PlannedItem[],
  dryRun: boolean,
  table: ItemsTable,
  onDone: (key: CounterKey, outcome: ItemOutcome) => void,
): Promise<readonly CounterKey[]> {
  const movedOn: CounterKey[] = [];
  await forEachConcurrently(items, concurrentWrites, async (item) => {
    if (dryRun || (await makeChange(item, table))) onDone(item.key, outcomeOf[item.change.kind]);
    else movedOn.push(item.key);
  });
  return movedOn;
}

/** Says false if the item has moved on since it was read. */
export async function makeChange({ key, held, change }: PlannedItem, table: ItemsTable): Promise<boolean> {
  if (change.kind === 'write') return table.put(key, change.item, held);
  if (change.kind === 'remove' && held !== undefined) return table.remove(key, held);
  return true;
}
