import { join } from 'node:path';
import { type ChildServer, startChildServer } from '../child-server';

/** Starts a DynamoDB that takes every update and keeps nothing. */
export function startNullTable(): Promise<ChildServer> {
  return startChildServer(join(__dirname, 'null-table.ts'));
}
