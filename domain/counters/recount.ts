import { duplicateFilter } from '../duplicates/duplicate-filter';
import type { PlacedLine } from '../event/shard-lines';
import type { Unique } from '../visitors/uniques';
import { type DuplicateFilter, foldLines } from './fold';
import { addressId, type Item, type ItemAddress, mergedItem, partsOf } from './item';
import { keptForever } from './retention';

export interface RecountedItem {
  readonly shardKey: string;
  readonly address: ItemAddress;
  readonly item: Item;
}

export interface RecountOptions {
  readonly deduplicationSeconds: number;
  readonly minutesForDays: number;
  readonly uniques: readonly Unique[];
}

/** Counts shards again from their beginning, with the fold and the merge that the table is made by. */
export class Recount {
  /** By shard and address. */
  readonly items = new Map<string, RecountedItem>();
  private readonly duplicates = new Map<string, DuplicateFilter>();

  constructor(private readonly options: RecountOptions) {}

  /** @param lines of a shard, behind those that were added before */
  add(shardKey: string, lines: Iterable<PlacedLine>): void {
    const { deduplicationSeconds, minutesForDays, uniques } = this.options;
    const isDuplicate = this.duplicates.get(shardKey) ?? duplicateFilter(deduplicationSeconds);
    this.duplicates.set(shardKey, isDuplicate);
    for (const { content, last, arrivedAt } of foldLines(lines, {
      minutesForDays,
      isDuplicate,
      uniques,
    })) {
      for (const [id, part] of partsOf(content)) {
        const known = this.items.get(itemId(shardKey, id))?.item;
        const parts = [{ part, last, arrivedAt }];
        const item = mergedItem(known, parts, last, { retentionDays: keptForever, now: 0 });
        if (item) this.items.set(itemId(shardKey, id), { shardKey, address: part.address, item });
      }
    }
  }
}

/** One text for an item of any shard. @param id of its address */
export function itemId(shardKey: string, id: string | ItemAddress): string {
  return `${shardKey} ${typeof id === 'string' ? id : addressId(id)}`;
}
