import type { DynamoCalls } from '../../lambda/aggregator/dynamo-calls';
import type { ItemCalls } from '../../recover/table/items-table';
import type { MemoryDynamo } from '../support/memory-dynamo';
import { neverAborted } from '../support/never-aborted';
import type { Connection } from './connection';

/** The table as the aggregator reaches it. */
export function callsThrough({ reach }: Connection, table: MemoryDynamo): DynamoCalls {
  return {
    update: (input, signal) => reach(() => table.update(input, signal)),
    get: (input, signal) => reach(() => table.get(input, signal)),
    put: (input, signal) => reach(() => table.put(input, signal)),
    query: (input, signal) => reach(() => table.query(input, signal)),
  };
}

/** The table as recovery reaches it. */
export function itemCallsThrough({ reach }: Connection, table: MemoryDynamo): ItemCalls {
  const signal = neverAborted();
  return {
    get: (input) => reach(() => table.get(input, signal)),
    query: (input) => reach(() => table.query(input, signal)),
    put: (input) => reach(() => table.put(input, signal)),
    delete: (input) => reach(() => table.delete(input, signal)),
  };
}
