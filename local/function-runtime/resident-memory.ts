import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How often memory is looked at: reading a file on Linux costs nothing, elsewhere each look is a process. */
export const memorySampleMs = process.platform === 'linux' ? 25 : 500;

/** Bytes of physical memory that a process holds; undefined once it is gone or where it cannot be told. */
export async function residentMemory(pid: number): Promise<number | undefined> {
  try {
    if (process.platform === 'linux') {
      const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1];
      return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
    }
    const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
    return Number(stdout.trim()) * 1024 || undefined;
  } catch {
    return undefined;
  }
}
