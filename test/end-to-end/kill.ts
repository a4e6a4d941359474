import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../../chaos/child';
import { runCommand } from './local-pipeline';

/** Batches that the functions have logged as done, over all starts. */
function batchesDone(dataDir: string, message: string): number {
  const logs = join(dataDir, 'logs');
  if (!existsSync(logs)) return 0;
  return readdirSync(logs).reduce(
    (sum, file) => sum + readFileSync(join(logs, file), 'utf8').split(`"${message}"`).length - 1,
    0,
  );
}

/** Resolves once a function has logged one more batch as done; rejects if the pipeline ends before. */
export async function untilMoreBatches(
  dataDir: string,
  message: string,
  ended: Command['ended'],
): Promise<void> {
  const before = batchesDone(dataDir, message);
  let over: Awaited<Command['ended']> | undefined;
  void ended.then((result) => {
    over = result;
  });
  while (batchesDone(dataDir, message) <= before) {
    if (over) throw new Error(`the pipeline ended by itself:\n${over.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Runs the pipeline until a function logs one more batch as done, and kills it then. */
export async function killedAfterMoreBatches(
  dataDir: string,
  message: string,
  options: readonly string[],
): Promise<void> {
  const running = runCommand('local', '--data-dir', dataDir, '--port', '0', ...options);
  await untilMoreBatches(dataDir, message, running.ended);
  running.child.kill('SIGKILL');
  await running.ended;
}
