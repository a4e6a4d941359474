import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { nodeArguments } from '../cli/node-arguments';
import { untilSaid } from './until-said';

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
  readonly logFile: string;
  readonly nodeArgs?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const running = new Set<ChildProcess>();
const keptStderr = 20_000;

/** Leaves no command behind, however this process ends. */
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** @param file of the command, from the root of the project */
export function startCommand(file: string, args: readonly string[], options: CommandOptions): Command {
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), ...nodeArguments, file, ...args], {
    cwd: root,
    env: {
      ...process.env,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const log = createWriteStream(options.logFile, { flags: 'a' });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-keptStderr);
    log.write(text);
  });
  const ended = once(child, 'close').then(([code]): Ended => {
    running.delete(child);
    log.end();
    return { code: code as number | null, stdout, stderr };
  });
  return {
    child,
    pid: child.pid ?? 0,
    ended,
    says: (text) => untilSaid(text, { stream: child.stderr, text: () => stderr }, ended),
  };
}

/** Runs a command to its end. */
export function runCommand(file: string, args: readonly string[], logFile: string): Promise<Ended> {
  return startCommand(file, args, { logFile }).ended;
}
