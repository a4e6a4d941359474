import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface NullTable {
  readonly endpoint: string;
  stop(): void;
}

/** Starts a DynamoDB that takes every update, in a process of its own, so that its time is not measured. */
export async function startNullTable(): Promise<NullTable> {
  const child = fork(join(__dirname, 'null-table.ts'), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [port] = await once(child, 'message');
  return { endpoint: `http://127.0.0.1:${port}`, stop: () => void child.kill() };
}
