import { fork } from 'node:child_process';
import { join } from 'node:path';

export interface NullServer {
  readonly endpoint: string;
  /** Records that it took since it was last asked. */
  records(): Promise<number>;
  stop(): void;
}

/**
 * Starts a Kinesis that takes everything and keeps nothing, in a process of its own on the loopback interface.
 *
 * @param latencyMs how long each answer to a put takes
 */
export async function startNullServer(latencyMs = 0): Promise<NullServer> {
  const child = fork(join(__dirname, 'null-server.ts'), [String(latencyMs)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const answer = () =>
    new Promise<number>((resolve, reject) => {
      const failed = (code: number | null) => reject(new Error(`the null server ended with code ${code}`));
      child.once('exit', failed);
      child.once('message', (value) => {
        child.off('exit', failed);
        resolve(Number(value));
      });
    });
  const port = await answer();
  return {
    endpoint: `http://127.0.0.1:${port}`,
    records() {
      const records = answer();
      child.send('records');
      return records;
    },
    stop: () => void child.kill(),
  };
}
