import type { ChildProcess } from 'node:child_process';
import { type Command, startCommand } from '../../chaos/child';
import type { Agreement } from '../../reconcile/agreement';

/** What `--exit` prints last; the differences only where there are any. */
export type FinalResult = Omit<Agreement, 'differences'> & Partial<Pick<Agreement, 'differences'>>;

const running = new Set<ChildProcess>();
// A test that failed half-way must not leave a pipeline behind.
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Runs one of the commands as npm's scripts do. */
export function runCommand(
  script: 'analytics' | 'local' | 'producer' | 'report',
  ...args: string[]
): Command {
  return runCommandIn({}, script, ...args);
}

/** @param environment beside what every command needs */
export function runCommandIn(
  environment: Readonly<Record<string, string>>,
  script: 'analytics' | 'local' | 'producer' | 'recover' | 'report',
  ...args: string[]
): Command {
  // No credentials, no Region, no profile: the laptop needs none.
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...environment };
  const command = startCommand(`${script}/cli.ts`, args, { env });
  running.add(command.child);
  void command.ended.then(() => running.delete(command.child));
  return command;
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
