import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { nodeArguments } from '../cli/node-arguments';

const root = join(__dirname, '..');

export interface Ended {
  /** Null after a signal. */
  readonly code: number | null;
  readonly stdout: string;
  /** Its end. */
  readonly stderr: string;
}

/** One of the project's commands, run as `npm run` runs it. */
export interface Command {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Resolves once standard error holds the text; rejects if the command ends before. */
  says(text: string): Promise<void>;
}

export interface CommandOptions {
  /** Standard error is appended to it. */
  readonly logFile?: string;
  readonly nodeArgs?: readonly string[];
  /** @default this process's */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const running = new Set<ChildProcess>();
const keptStderr = 20_000;

/** Leaves no command behind, however this process ends. */
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** @param file of the command, from the root of the project */
export function startCommand(file: string, args: readonly string[], options: CommandOptions = {}): Command {
  const { logFile, nodeArgs = [], env = process.env } = options;
  const child = spawn(process.execPath, [...nodeArgs, ...nodeArguments, file, ...args], {
    cwd: root,
    env: { ...env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-keptStderr);
  });
  if (logFile) child.stderr.pipe(createWriteStream(logFile, { flags: 'a' }));
  let hasEnded = false;
  const ended = once(child, 'close').then(([code]): Ended => {
    running.delete(child);
    hasEnded = true;
    return { code: code as number | null, stdout, stderr };
  });
  const says = async (text: string): Promise<void> => {
    while (!stderr.includes(text)) {
      if (hasEnded) throw new Error(`ended before it said "${text}":\n${stderr}`);
      await Promise.race([once(child.stderr, 'data'), ended]);
    }
  };
  return { child, pid: child.pid ?? 0, ended, says };
}
