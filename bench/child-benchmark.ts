import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { nodeArguments } from '../cli/node-arguments';
import type { Ended } from './run-all';

/**
 * Runs a benchmark in a process of its own, so that none inherits another's heap or compiled code. What it prints is
 * passed on as it comes, or kept.
 *
 * @param args what `npm run bench --` would be given
 */
export async function runChildBenchmark(args: readonly string[], keepOutput: boolean): Promise<Ended> {
  const child = spawn(process.execPath, [...nodeArguments, join(__dirname, 'cli.ts'), ...args], {
    stdio: ['ignore', keepOutput ? 'pipe' : 'inherit', 'inherit'],
  });
  const closed = once(child, 'close') as Promise<[number | null, string | null]>;
  const printed = child.stdout ? await text(child.stdout) : '';
  const [code, signal] = await closed;
  return { code: code ?? signal ?? 'unknown', printed };
}
