import { partitionKey, readSortKey } from '../../domain/counter-item';
import { dimensions } from '../../domain/dimensions';
import { formatWindow } from '../../domain/window';
import type { HeldItem, ItemsTable } from '../table/items-table';

/** The last event that the table is known to have counted of each shard, by `stream/shardId`. */
export type ShardProgress = ReadonlyMap<string, Pick<HeldItem, 'position' | 'expiresAt'>>;

/** Events of a shard belong to the hour in which they arrive, or to one before; few are later than this. */
const lookBackMs = 86_400_000;

/**
 * How far the aggregator is, from the hours since about `from`, in one of which each event counts. Everything up to there
 * was handed to the aggregator: it is counted, being counted, or given up.
 */
export async function readProgress(table: ItemsTable, from: number): Promise<ShardProgress> {
  const progress = new Map<string, HeldItem>();
  const start = `hour#${formatWindow(from - lookBackMs)}`;
  const everyEventCounts = dimensions.filter(({ name }) => ['total', 'duplicate', 'invalid'].includes(name));
  for (const { name } of everyEventCounts) {
    const items = await table.query(partitionKey(name, 0), start, 'hour$');
    for (const item of items) {
      const { shard } = readSortKey(item.key);
      const known = progress.get(shard);
      if (!known || known.position < item.position) progress.set(shard, item);
    }
  }
  return progress;
}
