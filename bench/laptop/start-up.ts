import { join } from 'node:path';
import { type Command, startCommand } from '../../chaos/child';
import { type Column, type Contender, compare, type Result, type Rounds } from '../compare';

/** `npm start`, ready for events. */
export interface StartedPipeline {
  readonly command: Command;
  /** From the start of the process. */
  readonly readyMs: number;
}

/** Starts the pipeline without a producer of its own, and without npm. */
export async function startPipeline(dataDir: string, args: readonly string[] = []): Promise<StartedPipeline> {
  const all = ['--no-producer', '--port', '0', '--data-dir', dataDir, ...args];
  return startedWith('local/cli.ts', all, 'The pipeline runs');
}

/** Ctrl-C; throws if it does not end well. */
export async function stop({ child, ended }: Command): Promise<void> {
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  if (code !== 0) throw new Error(`ended with ${code}:\n${stderr}`);
}

export const startUpColumns: readonly Column[] = [
  { head: 'ready after, seconds', figure: 'seconds', places: 2 },
  { head: '× the emulators', figure: 'seconds', places: 1, peer: 'emulators' },
];

/** Starts the pipeline several times, cold and warm, beside its emulators alone; each is stopped at once. */
export async function measureStartUp(folder: string, rounds: Rounds): Promise<Result[]> {
  const warm = join(folder, 'warm');
  let colds = 0;
  const contender = (
    name: string,
    what: string,
    start: () => Promise<StartedPipeline>,
  ): Contender<undefined> => ({
    ...{ name, what },
    turn: async () => {
      const { command, readyMs } = await start();
      await stop(command);
      return { right: true, figures: { seconds: readyMs / 1_000 } };
    },
  });
  await stop((await startPipeline(warm)).command);
  return compare(
    [
      contender('cold', 'pipeline, in an empty folder', () => startPipeline(join(folder, `cold-${colds++}`))),
      contender('warm', 'pipeline, where it ran before', () => startPipeline(warm)),
      contender('emulators', 'the floor: the emulators alone', () =>
        startedWith('bench/laptop/emulators-alone.ts', [join(folder, 'emulators')], 'The emulators run'),
      ),
    ],
    startUpColumns,
    rounds,
    () => undefined,
  );
}

async function startedWith(file: string, args: readonly string[], says: string): Promise<StartedPipeline> {
  const startedAt = performance.now();
  const command = startCommand(file, args);
  await command.says(says);
  return { command, readyMs: performance.now() - startedAt };
}
