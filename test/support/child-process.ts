import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { nodeArguments } from '../../cli/node-arguments';

/** A TypeScript file running in a process of its own, which ends with the test at the latest. */
export interface TestProcess {
  readonly child: ChildProcess;
  readonly firstLine: string;
  /** What it has written to standard error so far. */
  errors(): string;
  /** `kill -9`; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** Runs the file and resolves with its first line of output; throws what it said on standard error if it ends. */
export async function runTypeScript(file: string, ...args: string[]): Promise<TestProcess> {
  const child = spawn(process.execPath, [...nodeArguments, file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const lines = createInterface({ input: child.stdout });
  const firstLine = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    exited.then(() => undefined),
  ]);
  if (firstLine === undefined) throw new Error(errors);
  return {
    child,
    firstLine,
    errors: () => errors,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
