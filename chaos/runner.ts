import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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
  /** Sets its wall clock so far from this machine's. */
  jumpClock(offsetMs: number): void;
  /** `kill -9`; resolves when it is gone. */
  kill(): Promise<void>;
  /** Asks it to end, so that it delivers and compacts; resolves once it compacts, has ended, or the time is over. */
  compact(mostMs: number): Promise<boolean>;
}

const preload = join(__dirname, 'clock.cjs');

/** Starts the runner, with faults of the services if a profile is given. It is up when it says so; see `untilUp`. */
export function startRunner(
  { dataDir, logFile, port, context }: RunnerSettings,
  args: readonly string[],
): Runner {
  const clockFile = join(dataDir, '..', 'clock-offset');
  const command = startCommand(
    'local/cli.ts',
    [
      '--data-dir',
      dataDir,
      '--port',
      String(port),
      '--no-producer',
      ...context.flatMap((pair) => ['-c', pair]),
      ...args,
    ],
    { logFile, nodeArgs: ['--require', preload], env: { CHAOS_CLOCK_FILE: clockFile } },
  );
  return {
    ...command,
    jumpClock: (offsetMs) => {
      writeFileSync(clockFile, String(offsetMs));
      command.child.kill('SIGUSR2');
    },
    compact: async (mostMs) => {
      command.child.kill('SIGINT');
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
    kill: async () => {
      command.child.kill('SIGKILL');
      await command.ended;
    },
  };
}

/** The last words of its greeting. Rejects if it ends before. */
export function untilUp(runner: Runner): Promise<void> {
  return runner.says('Ctrl-C delivers');
}
