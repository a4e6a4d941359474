import type { UniqueRun } from '../../domain/unique-fold';
import { itemAfter, uniqueExpiry } from '../../domain/unique-item';
import type { Unique } from '../../domain/uniques';
import type { UniquesCache } from './uniques-cache';
import type { UniquesTable } from './uniques-table';

/** What counting distinct things needs to know of the world. */
export interface UniquesStore {
  /** What is counted. */
  readonly counted: readonly Unique[];
  readonly table: UniquesTable;
  readonly cache: UniquesCache;
  /** How long an item lives after the last arrival that it counts. */
  readonly retentionDays: number;
}

/** What became of a run. */
export interface UniqueOutcome {
  readonly written: boolean;
  readonly retries: number;
}

/**
 * Brings one item of sketches up to date with a batch: read, merged and written under the condition that nobody has
 * written meanwhile, and over again until that holds. Nothing is read while the cache knows the item, and nothing is
 * written while the batch tells the item nothing new.
 *
 * @throws whatever the table throws, or when `signal` aborts; the item then holds all of the run or nothing of it
 */
export async function countUniques(
  run: UniqueRun,
  { table, cache, retentionDays }: UniquesStore,
  signal: AbortSignal,
): Promise<UniqueOutcome> {
  const expiresAt = uniqueExpiry(run.lastArrivedAt, retentionDays);
  let retries = 0;
  try {
    signal.throwIfAborted();
    const known = cache.get(run.key);
    // An item that has to live longer may have gone meanwhile, and come back with the same version.
    let held = known && known.expiresAt >= expiresAt ? known : await table.read(run.key, signal);
    for (;;) {
      const item = itemAfter(held, run, expiresAt);
      if (!item) {
        cache.set(run.key, held!);
        return { written: false, retries };
      }
      signal.throwIfAborted();
      const result = await table.write(run.key, item, held, signal);
      retries += result.retries;
      if (result.written) {
        cache.set(run.key, item);
        return { written: true, retries };
      }
      retries++;
      held = result.held;
    }
  } catch (error) {
    // Whether the table has the item that was sent last is not known.
    cache.delete(run.key);
    throw error;
  }
}
