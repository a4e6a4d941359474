import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildServer, startChildServer } from '../child-server';

/** Starts the laptop's DynamoDB; its state is gone when it has stopped. */
export async function startTableServer(): Promise<ChildServer> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-table-'));
  const server = await startChildServer<never>(join(__dirname, 'table-server.ts'), [
    join(folder, 'dynamodb'),
  ]);
  return {
    ...server,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}
