import { fork } from 'node:child_process';
import { once } from 'node:events';
import { nodeArguments } from '../cli/node-arguments';

/** An HTTP server in a process of its own, so that its work is not counted as that of what is measured. */
export interface ChildServer<Answer = never> {
  readonly endpoint: string;
  /** What it has to say, whenever it is asked. */
  ask(): Promise<Answer>;
  /** Resolves when its process has ended. */
  stop(): Promise<void>;
}

/**
 * Starts a script that listens on the loopback interface, says its port by a message, and may answer each further
 * message by one.
 */
export async function startChildServer<Answer>(
  script: string,
  args: readonly string[] = [],
  protocol: 'http' | 'https' = 'http',
): Promise<ChildServer<Answer>> {
  const child = fork(script, args, {
    execArgv: [...nodeArguments],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const answer = <T>() =>
    new Promise<T>((resolve, reject) => {
      const failed = (code: number | null) => reject(new Error(`${script} ended with code ${code}`));
      child.once('exit', failed);
      child.once('message', (value) => {
        child.off('exit', failed);
        resolve(value as T);
      });
    });
  const port = await answer<number>();
  return {
    endpoint: `${protocol}://127.0.0.1:${port}`,
    ask() {
      const said = answer<Answer>();
      child.send('ask');
      return said;
    },
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}
