import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
