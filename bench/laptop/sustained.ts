import { setInterval } from 'node:timers/promises';
import { createClients } from '../../emulators/clients';
import { dataDirAt } from '../../emulators/data-dir';
import type { Ground } from './ground';
import { type Latencies, latenciesOf } from './latencies';
import { countedIn, readLeftover } from './leftover';
import { type MarkerLatency, startMarkers } from './markers';
import { type Load, meanwhile, startPipeline, startProducer } from './pipeline';
import { type Usage, watchProcesses } from './processes';

/** Resident memory over the looks of a minute, one every five seconds. */
export interface MemoryRange {
  readonly least: number;
  readonly most: number;
}

/** How a minute of the run was; counts are of all the minutes so far. */
export interface Minute {
  /** Epoch milliseconds. */
  readonly endedAt: number;
  /** Since the load began. */
  readonly seconds: number;
  readonly accepted: number;
  readonly counted: number;
  readonly archived: number;
  /** Of the markers that were put in it. */
  readonly putToCounted: Latencies | undefined;
  /** By process; garbage comes and goes, so that one look would not tell growth from it. */
  readonly residentMiB: Readonly<Record<string, MemoryRange>>;
  /** CPU time by process, in seconds, of this minute. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
}

/** What is in the archive is read when all is over. */
export type MinuteSoFar = Omit<Minute, 'archived'>;

export interface Sustained {
  readonly accepted: number;
  readonly counted: number;
  /** Events in the archive, each once. */
  readonly archived: number;
  /** Lines in the archive that are there again. */
  readonly archivedAgain: number;
  readonly right: boolean;
  readonly eventsPerSecond: number;
  /** From before a put until a reader of the table can see it. */
  readonly putToCounted: Latencies | undefined;
  /** From an event's arrival in the stream until its object is stored; without what the end of the run delivered early. */
  readonly putToObject: Latencies | undefined;
  /** From the last acknowledgement until everything was counted. */
  readonly behindMs: number;
  /** To deliver what was buffered at the end. */
  readonly drainingMs: number;
  /** CPU time by process, in seconds for 1,000 events, until everything was counted. */
  readonly cpuSecondsPerThousand: Readonly<Record<string, number>>;
  readonly minutes: readonly Minute[];
}

const sampleMs = 5_000;
const minuteMs = 60_000;
const lookMs = 200;

/**
 * Runs the whole pipeline under a steady load of generated clicks, waits until all of them are counted and archived, and
 * compares.
 */
export async function measureSustained(
  ground: Ground,
  load: Load,
  context: Readonly<Record<string, string | number>>,
  nodeArgs: readonly string[],
  onMinute: (minute: MinuteSoFar) => void,
): Promise<Sustained> {
  const dir = dataDirAt(ground.path('sustained'));
  const pipeline = await startPipeline(ground, dir.path, context, { nodeArgs });
  const { where } = pipeline;
  const clients = createClients(where.endpoints, where.region);
  const abort = new AbortController();
  const roots: Record<string, number> = { runner: pipeline.command.pid };
  const processes = watchProcesses(() => roots);
  const counted = (): Promise<number> => countedIn(clients.dynamodb, where.table);
  try {
    const before = await processes.look();
    const producer = startProducer(ground, ['--local', dir.path], load);
    roots.producer = producer.command.pid;
    const startedAt = Date.now();
    const markers = startMarkers(clients, where, abort.signal);
    markers.finished.catch(() => {});

    const minutes: MinuteSoFar[] = [];
    let last = before;
    let looks: Readonly<Record<string, Usage>>[] = [];
    const look = async (): Promise<Readonly<Record<string, Usage>>> => {
      const usage = await processes.look();
      looks.push(usage);
      return usage;
    };
    const endMinute = async (): Promise<void> => {
      const usage = await look();
      const now = Date.now();
      const from = minutes.at(-1)?.endedAt ?? startedAt;
      const minute = {
        endedAt: now,
        seconds: Math.round((now - startedAt) / 1_000),
        accepted: producer.accepted() + markers.accepted(),
        counted: await counted(),
        putToCounted: ofMarkers(markers.counted().filter(({ putAt }) => putAt >= from)),
        residentMiB: memoryRanges(usage, looks),
        cpuSeconds: difference(usage, last),
      };
      last = usage;
      looks = [];
      minutes.push(minute);
      onMinute(minute);
    };
    const summary = await meanwhile(
      Promise.race([producer.finished, failureOf(markers.finished), endOf(pipeline.command.ended)]),
      sampleMs,
      async () => {
        if (Date.now() >= startedAt + (minutes.length + 1) * minuteMs) await endMinute();
        else await look();
      },
    );
    const acceptedAt = Date.now();
    markers.stopPutting();
    await Promise.race([markers.finished, endOf(pipeline.command.ended)]);
    const accepted = summary.accepted + markers.accepted();
    for await (const _ of setInterval(lookMs)) if ((await counted()) >= accepted) break;
    const behindMs = Date.now() - acceptedAt;
    await endMinute();
    const cpuSeconds = difference(last, before);
    const stoppedAt = Date.now();
    const drainingMs = await pipeline.stop();

    const left = await readLeftover(dir, where, minutes, stoppedAt);
    return {
      accepted,
      counted: left.counted,
      archived: left.archived,
      archivedAgain: left.lines - left.archived,
      right: left.counted === accepted && left.archived === accepted,
      eventsPerSecond: summary.eventsPerSecond,
      putToCounted: ofMarkers(markers.counted()),
      putToObject: left.putToObject,
      behindMs,
      drainingMs,
      cpuSecondsPerThousand: mapValues(cpuSeconds, (seconds) => (seconds / accepted) * 1_000),
      minutes: minutes.map((minute, index) => ({ ...minute, archived: left.archivedBy[index]! })),
    };
  } finally {
    abort.abort();
    clients.destroy();
  }
}

function ofMarkers(markers: readonly MarkerLatency[]): Latencies | undefined {
  return latenciesOf(markers.map(({ ms }) => ms));
}

function memoryRanges(
  usage: Readonly<Record<string, Usage>>,
  looks: readonly Readonly<Record<string, Usage>>[],
): Record<string, MemoryRange> {
  return Object.fromEntries(
    Object.keys(usage).map((name) => {
      const seen = looks.flatMap((look) => look[name]?.residentMiB ?? []);
      return [name, { least: Math.min(...seen), most: Math.max(...seen) }];
    }),
  );
}

function difference(
  after: Readonly<Record<string, Usage>>,
  before: Readonly<Record<string, Usage>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([name, { cpuSeconds }]) => [
      name,
      cpuSeconds - (before[name]?.cpuSeconds ?? 0),
    ]),
  );
}

function mapValues<From, To>(
  values: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}

function failureOf(promise: Promise<void>): Promise<never> {
  return promise.then(() => new Promise<never>(() => {}));
}

async function endOf(
  ended: Promise<{ readonly code: number | null; readonly stderr: string }>,
): Promise<never> {
  const { code, stderr } = await ended;
  throw new Error(`the pipeline ended with ${code} in the midst of the run:\n${stderr}`);
}
