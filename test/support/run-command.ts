import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { nodeArguments } from '../../cli/node-arguments';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  readonly child: ChildProcess;
  /** Resolves as soon as standard output holds the text; rejects if the command ends without it. */
  printed(text: string): Promise<void>;
  readonly finished: Promise<Finished>;
}

const children = new Set<ChildProcess>();
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

/** Runs a TypeScript file as a command. Nothing of the developer's AWS settings reaches it. */
export function startCommand(
  file: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): RunningCommand {
  const child = spawn(process.execPath, [...nodeArguments, file, ...args], {
    cwd,
    env: { HOME: cwd, PATH: process.env.PATH ?? '', AWS_EC2_METADATA_DISABLED: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const text = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.stderr += chunk;
  });
  const finished = once(child, 'close').then(([code]): Finished => {
    children.delete(child);
    return { code, ...text };
  });
  const printed = async (wanted: string): Promise<void> => {
    while (!text.stdout.includes(wanted)) {
      const ended = await Promise.race([once(child.stdout, 'data').then(() => undefined), finished]);
      if (ended && !text.stdout.includes(wanted)) {
        throw new Error(`ended with ${ended.code} before it printed "${wanted}": ${ended.stderr}`);
      }
    }
  };
  return { child, printed, finished };
}
