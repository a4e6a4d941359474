import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readLocalPipeline } from '../cli/local-pipeline';
import { plainReason } from '../cli/plain-reason';
import { SetupError } from '../cli/setup-error';
import { seededRandom } from '../domain/numbers/random';
import { hideFromTools } from '../emulators/data-dir';
import { checkPorts } from '../emulators/listen';
import { createDeck, type Scene } from './acts';
import { hostileRecords } from './hostile-records';
import type { SoakOptions } from './options';
import { createProducers } from './producers';
import { type Runner, type RunnerSettings, signalStopped, startRunner, upWords } from './runner';
import { openStream } from './stream-acts';
import { reachVerdict, type Verdict } from './verdict';

export interface SoakPorts {
  /** Told what happens, while it does. */
  readonly note: (text: string) => void;
  /** Milliseconds that only go forward. */
  readonly elapsed: () => number;
}

export interface SoakResult extends Verdict {
  readonly seed: string;
  readonly folder: string;
  /** What was done to processes, shards and clocks, how often. */
  readonly acts: Readonly<Record<string, number>>;
  readonly exact: boolean;
}

/** Time-outs that come before the runner is killed, mostly; and no wait for batches to fill. */
const settings = ['aggregatorTimeoutSeconds=10', 'transformerTimeoutSeconds=10', 'batchingWindowSeconds=0'];

const shortestRoundMs = 3_000;
const longestRoundMs = 15_000;
const longestPauseMs = 1_500;
/** Twenty minutes back make events that happen now come from the future; the records' age limit is hours. */
const longestJumpMs = 20 * 60_000;
/** Duplicates are told by arrival times that run backwards by less than a fifth of the horizon. */
const deduplicationShare = 0.09;
/** The least that Lambda gives a function, in each so-many-th round. */
const tightMemory = 'aggregatorMemoryMiB=128';
const tightEvery = 3;

/** The schedule of compactions is longer than most rounds; a runner that is asked to end compacts as well. */
const compactEvery = 2;
const mostDeliveryMs = 60_000;
const longestCompactionMs = 3_000;

/**
 * Does to a pipeline under load what may happen to it, until the time is over; then heals, drains and compares. Rejects
 * if the pipeline does not come up, or if what it holds cannot be read.
 */
export async function soak(options: SoakOptions, ports: SoakPorts): Promise<SoakResult> {
  const { seed, profile } = options;
  const { note, elapsed } = ports;
  const folder = await emptyFolder(options.dataDir);
  const random = seededRandom(seed);
  const runnerSettings: RunnerSettings = {
    dataDir: join(folder, 'pipeline'),
    logFile: join(folder, 'runner.log'),
    port: await freePorts(),
    context: [...settings, ...options.context],
  };
  const producers = createProducers({ folder, dataDir: runnerSettings.dataDir, seed, rate: options.rate });
  const acts: Record<string, number> = {};
  const problems: string[] = [];
  const done = (act: string): void => {
    acts[act] = (acts[act] ?? 0) + 1;
    note(act);
  };

  const until = elapsed() + options.faultMs;
  const nextAct = createDeck(random);
  let stopped: ReadonlySet<number> = new Set();
  for (let round = 1, isLast = false; !isLast; round++) {
    const chaosSeed = `${seed}.${round}`;
    const isTight = round % tightEvery === 0;
    const runner = startRunner(runnerSettings, [
      ...['--chaos', profile, '--chaos-seed', chaosSeed],
      ...(isTight ? ['-c', tightMemory] : []),
    ]);
    await runner.says(upWords);
    note(`round ${round}: up, under ${profile} of seed ${chaosSeed}`);
    // A function that slept through the death of its runner wakes up beside its successor.
    await signalStopped(stopped, 'SIGCONT');
    producers.start();
    await producers.begun();

    const roundMs = shortestRoundMs + random.float() * (longestRoundMs - shortestRoundMs);
    const roundUntil = Math.min(until, elapsed() + roundMs);
    const scene = await openScene(runner, runnerSettings, producers);
    if (isTight) {
      // A mebibyte of lines is more than it can take apart: every invocation ends, until there is memory again.
      await scene.stream.put(hostileRecords['record of 1 MiB'](random), random.hex(8));
      done('aggregator short of memory');
    }
    while (elapsed() < roundUntil && !runner.hasEnded()) {
      const act = nextAct();
      if (await act.run(scene, random)) done(act.name);
      await sleep(random.float() * longestPauseMs);
    }
    scene.stream.close();
    if (runner.hasEnded()) problems.push(`the runner ended by itself: ${(await runner.ended).stderr}`);

    isLast = elapsed() >= until || round === options.kills;
    if (isLast) {
      note('the producers send what they have read, and end');
      for (const { code, stderr } of await producers.finish())
        if (code !== 0) problems.push(`a producer ended with ${code}: ${stderr}`);
    }
    if (round % compactEvery === 0 && !isLast && !runner.hasEnded()) {
      // Nothing more comes meanwhile, so that all that is there is delivered, and then compacted.
      producers.pause();
      if (await runner.compact(mostDeliveryMs)) {
        await sleep(random.float() * longestCompactionMs);
        done('kill -9 of the runner while it compacts');
      }
    }
    runner.child.kill('SIGKILL');
    await runner.ended;
    producers.goOn();
    done('kill -9 of the runner, started again');
    stopped = scene.stopped;
  }
  await signalStopped(stopped, 'SIGKILL');

  note('healed: draining and comparing');
  const verdict = await reachVerdict(runnerSettings, producers.ledgers);
  problems.push(...verdict.problems);
  return { ...verdict, seed, folder, acts, problems, exact: problems.length === 0 };
}

async function openScene(
  runner: Runner,
  { dataDir }: RunnerSettings,
  producers: Scene['producers'],
): Promise<Scene> {
  const where = await readLocalPipeline(dataDir);
  const { deduplicationSeconds } = where.aggregation;
  const furthestClockMs =
    deduplicationSeconds > 0 ? deduplicationSeconds * deduplicationShare * 1000 : longestJumpMs;
  return { runner, producers, stream: openStream(where), stopped: new Set(), furthestClockMs };
}

async function emptyFolder(path: string): Promise<string> {
  try {
    await mkdir(path, { recursive: true });
    if ((await readdir(path)).length === 0) {
      await hideFromTools(path);
      return path;
    }
  } catch (error) {
    throw new SetupError(`--data-dir ${path} cannot be used: ${plainReason(error)}`, { cause: error });
  }
  throw new SetupError(`--data-dir ${path} holds files; allowed: a new or empty folder`);
}

/** Below the ports that systems give to outgoing connections, one of which could take a port while the runner is down. */
const [lowestPort, highestPort] = [20_000, 30_000];

/** The first of seven neighbouring ports that are free, elsewhere for each process that looks. */
async function freePorts(): Promise<number> {
  for (let offset = process.pid * 7; ; offset += 7) {
    const port = lowestPort + (offset % (highestPort - lowestPort));
    const isFree = await checkPorts(port).then(
      () => true,
      () => false,
    );
    if (isFree) return port;
  }
}
