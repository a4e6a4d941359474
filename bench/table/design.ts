import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { ShardRecord } from '../../domain/fold';
import type { Counters } from './counters';
import type { TableCalls } from './mortal-table';

export type Item = Record<string, AttributeValue>;

/** A way to keep counters in a table with the keys `pk` and `sk`, with every dimension and both windows. */
export interface TableDesign {
  readonly name: string;
  readonly what: string;
  /** Whether the counters should be right when a batch comes again. */
  readonly isExact: boolean;
  /**
   * Counts a batch, as a function that knows nothing of earlier ones.
   *
   * @throws whatever the table throws; batches of some designs are counted in part then, and say so by no exception
   */
  readonly count: (table: TableCalls, tableName: string, batch: readonly ShardRecord[]) => Promise<void>;
  /** Adds what an item counts. */
  readonly read: (item: Item, counters: Counters) => void;
}

/** Requests of one function under way at once, the same for every design. */
export const concurrentRequests = 32;
