import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { repository } from '../bundle';

/** What a command took, in milliseconds: CPU time of all its processes, and what passed. */
export interface CommandTime {
  readonly cpuMs: number;
  readonly ms: number;
}

// Node knows its own CPU time only; a POSIX shell's `times` prints that of the children that it waited for, and theirs.
const script = '"$@" >&2; code=$?; times; exit $code';

/**
 * Runs a command in the root of the repository.
 *
 * @param environment beside this process's
 * @throws with what it printed if it ends with another code than 0
 */
export async function timeCommand(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<CommandTime> {
  const startedAt = performance.now();
  const shell = spawn('sh', ['-c', script, 'sh', ...command], {
    cwd: repository,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(shell, 'close') as Promise<[number | null]>;
  const [times, printed] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
  const [code] = await closed;
  const ms = performance.now() - startedAt;
  if (code !== 0) throw new Error(`${command.join(' ')} ended with code ${code}:\n${printed}`);
  return { cpuMs: childrenMs(times), ms };
}

/** Of `times`: a line of user and system time for the shell, then one for its children, as `0m1.23s 0m0.45s`. */
function childrenMs(times: string): number {
  const children = times.trim().split('\n')[1] ?? '';
  const parts = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
  if (parts.length !== 2) throw new Error(`no times of the children in "${times}"`);
  return parts.reduce(
    (sum, [, minutes, seconds]) => sum + (Number(minutes) * 60 + Number(seconds)) * 1_000,
    0,
  );
}
