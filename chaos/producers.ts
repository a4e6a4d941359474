import { once } from 'node:events';
import { existsSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { type Command, type Ended, startCommand } from './child';

export interface Producers {
  readonly ledgers: readonly string[];
  /** Starts those that do not run; one that ran before resumes its ledger. */
  start(): void;
  /** Resolves when the ledger of each that runs has grown since it was started: then there is load. */
  begun(): Promise<void>;
  /** Stops those that run where they are, until they go on. */
  pause(): void;
  goOn(): void;
  /** `kill -9` of one of them. */
  kill(index: number): Promise<void>;
  /** Ctrl-C for all, once they have begun; resolves with how each ended, when all that was read has its outcome. */
  finish(): Promise<readonly Ended[]>;
}

const packings = ['none', 'ndjson', 'kpl'] as const;
/** The exit code of a producer that came up while the runner was down: it is started again, as one would. */
const unreachable = 2;
export const producerCount = packings.length;

/** `npm run produce`, several times, each with its own ledger, packing and seed. */
export function createProducers(settings: {
  readonly folder: string;
  readonly dataDir: string;
  readonly seed: string;
  /** Events a second of all together. */
  readonly rate: number;
}): Producers {
  const { folder, dataDir, seed, rate } = settings;
  const running: (Command | undefined)[] = packings.map(() => undefined);
  const ledgers = packings.map((packing) => join(folder, `${packing}.ledger`));
  const bytesOf = (index: number): number => statSync(ledgers[index]!, { throwIfNoEntry: false })?.size ?? 0;
  /** The size of each ledger when its producer was started: one that is resumed is there from the beginning. */
  const bytesBefore = packings.map(() => 0);

  const startOne = (index: number): Command => {
    const packing = packings[index]!;
    // One that was killed before it began has none yet.
    const ledger = existsSync(ledgers[index]!) ? '--resume' : '--ledger';
    bytesBefore[index] = bytesOf(index);
    const args = [
      ...['--local', dataDir, '--rate', String(rate / packings.length), '--pack', packing],
      ...['--seed', `${seed}-${packing}`, '--time', 'now'],
      ...['--duplicates', '2%', '--late', '3%', '--malformed', '2%', '--oversized', '0.1%'],
      ...['--attempts', '1000', ledger, ledgers[index]!],
      ...['--failed', join(folder, `${packing}.failed`), '--json', '--quiet'],
    ];
    const producer = startCommand('producer/cli.ts', args, {
      logFile: join(folder, `producer-${packing}.log`),
    });
    void producer.ended.then(({ code }) => {
      if (code === unreachable) running[index] = undefined;
    });
    return producer;
  };
  const signalAll = (signal: NodeJS.Signals): void => {
    for (const producer of running) producer?.child.kill(signal);
  };
  const begun = async (): Promise<void> => {
    const starting = () =>
      running.filter(
        (producer, index) => producer?.child.exitCode === null && bytesOf(index) <= bytesBefore[index]!,
      );
    const watcher = watch(folder);
    try {
      for (let waiting = starting(); waiting.length > 0; waiting = starting())
        await Promise.race([once(watcher, 'change'), ...waiting.map((producer) => producer!.ended)]);
    } finally {
      watcher.close();
    }
  };

  return {
    ledgers,
    begun,
    start: () => {
      for (const index of packings.keys()) running[index] ??= startOne(index);
    },
    pause: () => signalAll('SIGSTOP'),
    goOn: () => signalAll('SIGCONT'),
    kill: async (index) => {
      running[index]?.child.kill('SIGKILL');
      await running[index]?.ended;
      running[index] = undefined;
    },
    finish: async () => {
      // Interrupted while it is still being loaded, it would have sent nothing and said so.
      await begun();
      const started = running.filter((producer) => producer !== undefined);
      signalAll('SIGINT');
      return Promise.all(started.map(({ ended }) => ended));
    },
  };
}
