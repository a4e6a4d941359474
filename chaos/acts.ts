import type { Random } from '../domain/numbers/random';
import { type HostileRecord, hostileRecords } from './hostile-records';
import { type Producers, producerCount } from './producers';
import { functionProcesses, type Runner, signalProcess } from './runner';
import type { StreamActs } from './stream-acts';

/** What the acts are done to. */
export interface Scene {
  readonly runner: Runner;
  readonly producers: Producers;
  readonly stream: StreamActs;
  /** Processes of functions that were stopped, and that nothing has woken up or killed yet. */
  readonly stopped: Set<number>;
  /** How far the runner's clock may stand from this machine's. */
  readonly furthestClockMs: number;
}

interface Act {
  readonly name: string;
  /** How often it comes in one deck. */
  readonly times: number;
  /** False if there was nothing to do it to. */
  readonly run: (scene: Scene, random: Random) => Promise<boolean>;
}

const onFunction =
  (signal: NodeJS.Signals): Act['run'] =>
  async ({ runner, stopped }, random) => {
    const found = (await functionProcesses()).filter(
      ({ pid, parent }) => parent === runner.pid && !stopped.has(pid),
    );
    if (found.length === 0) return false;
    const { pid } = random.pick(found);
    if (signal === 'SIGSTOP') stopped.add(pid);
    return signalProcess(pid, signal);
  };

const hostile = (name: HostileRecord, times: number): Act => ({
  name,
  times,
  run: async ({ stream }, random) => {
    await stream.put(hostileRecords[name](random), random.hex(8));
    return true;
  },
});

const acts: readonly Act[] = [
  { name: 'kill -9 of a function', times: 3, run: onFunction('SIGKILL') },
  // It does not answer any more, so that the runner's clock ends it.
  { name: 'function stopped until its time-out', times: 1, run: onFunction('SIGSTOP') },
  {
    name: 'clock jump',
    times: 2,
    run: async ({ runner, furthestClockMs }, random) => {
      runner.jumpClock(Math.round((random.float() * 2 - 1) * furthestClockMs));
      return true;
    },
  },
  {
    name: 'kill -9 of a producer, resumed',
    times: 1,
    run: async ({ producers }, random) => {
      await producers.kill(random.below(producerCount));
      producers.start();
      return true;
    },
  },
  { name: 'shard split', times: 2, run: ({ stream }, random) => stream.split(random) },
  { name: 'shard merge', times: 2, run: ({ stream }, random) => stream.merge(random) },
  hostile('poison record', 3),
  hostile('record of 1 MiB', 1),
  hostile('empty record', 1),
];

/** Deals the acts from a deck that is shuffled anew whenever it is used up, so that also a short run has most of them. */
export function createDeck(random: Random): () => Act {
  const deck: Act[] = [];
  return () => {
    if (deck.length === 0) for (const act of acts) deck.push(...Array<Act>(act.times).fill(act));
    return deck.splice(random.below(deck.length), 1)[0]!;
  };
}
