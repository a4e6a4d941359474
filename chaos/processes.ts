import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface FunctionProcess {
  readonly pid: number;
  readonly parent: number;
}

/** The processes that run functions on this machine, whoever started them. */
export async function functionProcesses(): Promise<FunctionProcess[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/, 2).map(Number);
    return line.includes('function-runtime/bootstrap') ? [{ pid, parent }] : [];
  });
}

/** False if the process is gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Lets go on, or ends, what is left of functions that were stopped: an id may belong to another process by now. */
export async function signalStopped(stopped: ReadonlySet<number>, signal: NodeJS.Signals): Promise<void> {
  if (stopped.size === 0) return;
  for (const { pid } of await functionProcesses()) if (stopped.has(pid)) signalProcess(pid, signal);
}
