import { setMaxListeners } from 'node:events';
import type { AggregationSettings } from '../../cli/aggregation-settings';
import { forEachConcurrently } from '../../domain/concurrency';
import { fold } from '../../domain/fold';
import { UniqueFold, type UniqueRun } from '../../domain/unique-fold';
import { itemAfter, uniqueExpiry } from '../../domain/unique-item';
import { uniquesFor } from '../../domain/uniques';
import { countUniques } from '../../lambda/aggregator/count-uniques';
import type { ShardBatch } from '../../lambda/aggregator/kinesis-event';
import type { UniquesTable } from '../../lambda/aggregator/uniques-table';

export interface SketchPorts {
  readonly uniques: UniquesTable;
  readonly settings: AggregationSettings;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const concurrentItems = 32;
const noCache = { get: () => undefined, set: () => {}, delete: () => {} };

/**
 * Merges a batch's visitors and sessions into the sketches, as the aggregator would have: what a sketch has seen before
 * changes nothing, so nothing has to be known of the rest of the shard.
 *
 * @returns how many items were, or in a dry run would be, written
 */
export function mergeSketches(
  { shard, records }: ShardBatch,
  dryRun: boolean,
  ports: SketchPorts,
): Promise<number> {
  const collected = new UniqueFold(shard, uniquesFor(ports.settings.uniqueVisitors));
  fold(shard, records, undefined, collected.add);
  return mergeRuns(collected.runs(), dryRun, ports);
}

/** The same of what was collected from anywhere. */
export async function mergeRuns(
  runs: readonly UniqueRun[],
  dryRun: boolean,
  { uniques, settings, now }: SketchPorts,
): Promise<number> {
  const retentionDays = settings.hourRetentionDays;
  const store = {
    counted: uniquesFor(settings.uniqueVisitors),
    table: uniques,
    cache: noCache,
    retentionDays,
  };
  const { signal } = new AbortController();
  // Every write under way listens to it.
  setMaxListeners(0, signal);
  let written = 0;
  await forEachConcurrently(runs, concurrentItems, async (run) => {
    const expiresAt = uniqueExpiry(run.lastArrivedAt, retentionDays);
    if (expiresAt * 1000 <= now()) return;
    const isWritten = dryRun
      ? itemAfter(await uniques.read(run.key, signal), run, expiresAt) !== undefined
      : (await countUniques(run, store, signal)).written;
    if (isWritten) written++;
  });
  return written;
}
