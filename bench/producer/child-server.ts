import { fork } from 'node:child_process';
import { join } from 'node:path';

/** An HTTP server in a process of its own, so that its work is not counted as that of what is measured. */
export interface ChildServer<Answer> {
  readonly endpoint: string;
  /** What it has to say, whenever it is asked. */
  ask(): Promise<Answer>;
  stop(): void;
}

/**
 * Starts a script of this folder that listens on the loopback interface, says its port by a message, and answers each
 * further message by one.
 */
export async function startChildServer<Answer>(
  script: string,
  args: readonly string[],
  protocol: 'http' | 'https' = 'http',
): Promise<ChildServer<Answer>> {
  const child = fork(join(__dirname, script), args, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
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
    stop: () => void child.kill(),
  };
}
