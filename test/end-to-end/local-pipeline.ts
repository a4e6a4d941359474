import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { untilSaid } from '../../chaos/until-said';
import { nodeArguments } from '../../cli/node-arguments';
import type { Agreement } from '../../reconcile/agreement';

const root = join(__dirname, '..', '..');

/** What `--exit` prints last; the differences only where there are any. */
export type FinalResult = Omit<Agreement, 'differences'> & Partial<Pick<Agreement, 'differences'>>;

export interface CommandProcess {
  readonly child: ChildProcess;
  /** Resolves once standard error holds the text; rejects if the process ends before. */
  says(text: string): Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

const running = new Set<ChildProcess>();
// A test that failed half-way must not leave a pipeline behind.
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Runs one of the commands as npm's scripts do. */
export function runCommand(script: 'local' | 'producer' | 'report', ...args: string[]): CommandProcess {
  const child = spawn(process.execPath, [...nodeArguments, join(script, 'cli.ts'), ...args], {
    cwd: root,
    // No credentials, no Region, no profile: the laptop needs none.
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  const says = (text: string): Promise<void> =>
    untilSaid(text, { stream: child.stderr, text: () => stderr }, ended);
  return { child, says, ended };
}

/** Runs the whole pipeline with `--exit`, and reads the last line of standard output. */
export async function runToExit(
  dataDir: string,
  ...args: string[]
): Promise<{ code: number | null; result: FinalResult }> {
  const { ended } = runCommand('local', '--data-dir', dataDir, '--port', '0', '--exit', ...args);
  const { code, stdout, stderr } = await ended;
  const last = stdout.trimEnd().split('\n').at(-1);
  if (!last) throw new Error(`nothing on standard output, exit code ${code}:\n${stderr}`);
  return { code, result: JSON.parse(last) as FinalResult };
}

export async function runReport<Row>(...args: string[]): Promise<Row[]> {
  const { code, stdout, stderr } = await runCommand('report', ...args, '--json').ended;
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Row[];
}
