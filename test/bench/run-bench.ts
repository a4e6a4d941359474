import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { nodeArguments } from '../../cli/node-arguments';

/** What `npm run bench` prints with these arguments. */
export async function runBench(...args: readonly string[]): Promise<string> {
  const script = join(__dirname, '../../bench/cli.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [...nodeArguments, script, ...args]);
  return stdout;
}
