import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Command, startCommand } from './child';

export interface RunnerSettings {
  /** The pipeline's own folder. */
  readonly dataDir: string;
  readonly logFile: string;
  readonly port: number;
  readonly context: readonly string[];
}

/** `npm start`, running. */
export interface Runner extends Command {
  hasEnded(): boolean;
  /** Sets its wall clock so far from this machine's. */
  jumpClock(offsetMs: number): void;
  /** Asks it to end, so that it delivers and compacts; resolves once it compacts, has ended, or the time is over. */
  compact(mostMs: number): Promise<boolean>;
}

/** Starts the runner, with faults of the services if `args` name a profile. It is up when it says `upWords`. */
export function startRunner(settings: RunnerSettings, args: readonly string[]): Runner {
  const { dataDir, logFile, port, context } = settings;
  const clockFile = join(dataDir, '..', 'clock-offset');
  const command = startCommand(
    'local/cli.ts',
    [
      ...['--data-dir', dataDir, '--port', String(port), '--no-producer'],
      ...context.flatMap((pair) => ['-c', pair]),
      ...args,
    ],
    {
      logFile,
      nodeArgs: ['--require', join(__dirname, 'clock.cjs')],
      env: { ...process.env, CHAOS_CLOCK_FILE: clockFile },
    },
  );
  const { child } = command;
  return {
    ...command,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    jumpClock: (offsetMs) => {
      writeFileSync(clockFile, String(offsetMs));
      child.kill('SIGUSR2');
    },
    compact: async (mostMs) => {
      child.kill('SIGINT');
      const compacts = command.says('Folding what was counted').then(
        () => true,
        () => false,
      );
      const time = new AbortController();
      const timeIsOver = sleep(mostMs, false, { signal: time.signal }).catch(() => false);
      const isCompacting = await Promise.race([compacts, timeIsOver]);
      time.abort();
      return isCompacting;
    },
  };
}

/** The last words of the runner's greeting. */
export const upWords = 'Ctrl-C delivers';

const run = promisify(execFile);

/** The processes that run functions on this machine, whoever started them. */
export async function functionProcesses(): Promise<{ readonly pid: number; readonly parent: number }[]> {
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
