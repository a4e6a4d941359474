import { type ForkOptions, fork } from 'node:child_process';
import { once } from 'node:events';

/** Milliseconds: of CPU time of the whole process, and those that passed. */
export interface Taken {
  readonly cpuMs: number;
  readonly ms: number;
}

/**
 * Runs a script in a process of its own, on this process's version of Node.
 *
 * @returns the one message that it sends
 */
export async function measureInChild<Measured>(
  script: string,
  args: readonly string[],
  options: Pick<ForkOptions, 'cwd' | 'env' | 'execArgv'>,
): Promise<Measured> {
  const child = fork(script, args, { ...options, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  const message = once(child, 'message').then(([measured]) => measured as Measured);
  const failed = ended.then(([code]) =>
    Promise.reject(new Error(`${script} ${args[0]} ended with code ${code}`)),
  );
  const measured = await Promise.race([message, failed]);
  await ended;
  return measured;
}
