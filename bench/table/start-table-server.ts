import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TableServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Starts the laptop's DynamoDB in a process of its own, so that its CPU time is not taken for a design's. */
export async function startTableServer(): Promise<TableServer> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-table-'));
  const child = fork(join(__dirname, 'table-server.ts'), [join(folder, 'dynamodb')], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const failed = ended.then(([code]) => {
    throw new Error(`the table ended with code ${code} before it could be used`);
  });
  const [endpoint] = await Promise.race([once(child, 'message'), failed]);
  failed.catch(() => {});
  return {
    endpoint,
    stop: async () => {
      child.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
