import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repository } from '../bundle';

/** Milliseconds: of CPU time of the whole process, and those that passed. */
export interface Taken {
  readonly cpuMs: number;
  readonly ms: number;
}

export interface ColdStart {
  readonly importing: Taken;
  readonly firstCall: Taken;
  /** After the first call, garbage included. */
  readonly heapBytes: number;
  /** The bundle, and what it loaded beside itself from `node_modules`. */
  readonly filesLoaded: number;
  readonly answer: unknown;
}

/** Loads a bundle in a process of its own, on this process's version of Node, and calls its handler once. */
export async function coldStart(
  bundle: string,
  event: string,
  environment: Readonly<Record<string, string>>,
): Promise<ColdStart> {
  const child = fork(join(__dirname, 'cold-process.cjs'), [bundle, event], {
    execArgv: [],
    // A bundle without its SDK finds it there, as it would find the runtime's.
    env: { PATH: process.env.PATH, NODE_PATH: join(repository, 'node_modules'), ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const message = once(child, 'message').then(([coldStart]) => coldStart as ColdStart);
  const failed = ended.then(([code]) => Promise.reject(new Error(`${bundle} ended with code ${code}`)));
  const result = await Promise.race([message, failed]);
  await ended;
  return result;
}
