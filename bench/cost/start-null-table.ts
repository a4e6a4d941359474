import { join } from 'node:path';
import { type ChildServer, startChildServer } from '../child-server';

/** Starts a DynamoDB that takes every write and keeps nothing; asked, it says how many requests came since the last time. */
export function startNullTable(): Promise<ChildServer<number>> {
  return startChildServer<number>(join(__dirname, 'null-table.ts'));
}
