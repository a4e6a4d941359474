import { partitionKey } from '../../domain/counter-item';
import { dimensions } from '../../domain/dimensions';
import { formatWindow } from '../../domain/window';
import type { HeldItem, ItemsTable } from '../table/items-table';

/** The last event that the table is known to have counted of each shard, by `stream/shardId`. */
export type ShardProgress = ReadonlyMap<string, Pick<HeldItem, 'position' | 'expiresAt'>>;

/**
 * How far the aggregator is, from the items of the hours since `from` in which each event counts. Everything up to there
 * was handed to the aggregator: it is counted, being counted, or given up.
 */
export async function readProgress(table: ItemsTable, from: number): Promise<ShardProgress> {
  const progress = new Map<string, HeldItem>();
  const everyEventCounts = dimensions.filter(({ name }) => ['total', 'duplicate', 'invalid'].includes(name));
  for (const { name } of everyEventCounts) {
    const items = await table.query(partitionKey(name, 0), `hour#${formatWindow(from)}`, 'hour$');
    for (const item of items) {
      const shard = shardOf(item.key.sk);
      const known = progress.get(shard);
      if (!known || known.position < item.position) progress.set(shard, item);
    }
  }
  return progress;
}

/** `stream/shardId`, from a sort key. */
export function shardOf(sortKey: string): string {
  return sortKey.split('#').slice(2).join('#');
}

/** `hour#2026-01-31T09:00:00Z`, from a sort key. */
export function windowOf(sortKey: string): string {
  return sortKey.split('#').slice(0, 2).join('#');
}
