import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { type Command, type Ended, startCommand } from './child';

export interface Producers {
  readonly ledgers: readonly string[];
  /** Starts those that do not run; one that ran before resumes its ledger. */
  start(): void;
  /** Resolves when each that runs has opened its ledger: then there is load. */
  begun(): Promise<void>;
  /** `kill -9` of one of them. */
  kill(index: number): Promise<void>;
  /** Ctrl-C for all; resolves with how each ended, when all that was read has its outcome. */
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

  const startOne = (index: number): Command => {
    const packing = packings[index]!;
    // One that was killed before it began has none yet.
    const ledger = existsSync(ledgers[index]!) ? '--resume' : '--ledger';
    const producer = startCommand(
      'producer/cli.ts',
      [
        ...['--local', dataDir, '--rate', String(rate / packings.length), '--pack', packing],
        ...['--seed', `${seed}-${packing}`, '--time', 'now'],
        ...['--duplicates', '2%', '--late', '3%', '--malformed', '2%', '--oversized', '0.1%'],
        ...['--attempts', '1000', ledger, ledgers[index]!],
        ...['--failed', join(folder, `${packing}.failed`), '--json', '--quiet'],
      ],
      { logFile: join(folder, `producer-${packing}.log`) },
    );
    void producer.ended.then(({ code }) => {
      if (code === unreachable) running[index] = undefined;
    });
    return producer;
  };

  return {
    ledgers,
    start: () => {
      for (const index of packings.keys()) running[index] ??= startOne(index);
    },
    begun: async () => {
      const starting = () =>
        running.filter(
          (producer, index) => producer?.child.exitCode === null && !existsSync(ledgers[index]!),
        );
      const watcher = watch(folder);
      try {
        for (let waiting = starting(); waiting.length > 0; waiting = starting())
          await Promise.race([once(watcher, 'change'), ...waiting.map((producer) => producer!.ended)]);
      } finally {
        watcher.close();
      }
    },
    kill: async (index) => {
      const producer = running[index];
      producer?.child.kill('SIGKILL');
      await producer?.ended;
      running[index] = undefined;
    },
    finish: () => {
      const started = running.filter((producer) => producer !== undefined);
      for (const { child } of started) child.kill('SIGINT');
      return Promise.all(started.map(({ ended }) => ended));
    },
  };
}
