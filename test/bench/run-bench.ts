import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Result } from '../../bench/compare';
import { nodeArguments } from '../../cli/node-arguments';

/** What `npm run bench` measures with these arguments, in short. */
export async function runBench<Output>(...args: readonly string[]): Promise<Output> {
  const script = join(__dirname, '../../bench/cli.ts');
  const all = [...nodeArguments, script, ...args, '--short', '--json'];
  return JSON.parse((await promisify(execFile)(process.execPath, all)).stdout) as Output;
}

/** Each contender's name, with whether its output was what it has to be. */
export function rightByName(results: readonly Result[]): Record<string, boolean> {
  return Object.fromEntries(results.map(({ name, right }) => [name, right]));
}
