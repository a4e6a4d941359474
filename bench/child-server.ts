import { fork } from 'node:child_process';
import { once } from 'node:events';
import { nodeArguments } from '../cli/node-arguments';

/** An HTTPS server in a process of its own, so that its work is not counted as that of what is measured. */
export interface ChildServer<Answer> {
  readonly endpoint: string;
  /** What it has to say, whenever it is asked. */
  ask(): Promise<Answer>;
  /** Resolves when its process has ended. */
  stop(): Promise<void>;
}

/**
 * Starts a script that listens on the loopback interface, sends its port, answers each message by one, and ends when it
 * is disconnected.
 */
export async function startChildServer<Answer>(
  script: string,
  args: readonly string[],
): Promise<ChildServer<Answer>> {
  const child = fork(script, args, {
    execArgv: [...nodeArguments],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const failed = ended.then(([code]) => Promise.reject(new Error(`${script} ended with code ${code}`)));
  failed.catch(() => {});
  const message = async () => (await Promise.race([once(child, 'message'), failed]))[0];
  const port: number = await message();
  return {
    endpoint: `https://127.0.0.1:${port}`,
    ask() {
      child.send('ask');
      return message();
    },
    stop: async () => {
      child.disconnect();
      await ended;
    },
  };
}
