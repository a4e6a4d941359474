import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import { startCommand } from '../../chaos/child';
import { readLocalPipeline } from '../../cli/local-pipeline';
import { createClients } from '../../emulators/clients';
import { readAggregates } from '../../report/aggregates-reader';
import { dynamoLogTable } from '../../table/log-table';
import { processWatch, type Usages } from './processes';
import { startPipeline, stop } from './start-up';

export interface Load {
  /** Events a second. */
  readonly rate: number;
  readonly seconds: number;
  readonly pack: 'ndjson' | 'kpl' | 'none';
}

/** How a minute of the run was; counts are of all the minutes so far. */
export interface Minute {
  /** Since the load began. */
  readonly seconds: number;
  readonly accepted: number;
  readonly counted: number;
  /** The most in this minute: how long ago events were accepted that the table does not count yet. */
  readonly lagSeconds: number;
  /** By process, the least and the most of this minute's looks: garbage comes and goes. */
  readonly residentMiB: Readonly<Record<string, readonly [least: number, most: number]>>;
  /** CPU time by process, of this minute. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
}

export interface Loaded {
  readonly accepted: number;
  readonly counted: number;
  /** Events in the archive, each once. */
  readonly archived: number;
  /** The pipeline agrees with the stream, and has all that the producer put. */
  readonly right: boolean;
  /** From the last acknowledgement until everything was counted. */
  readonly behindSeconds: number;
  /** CPU time by process, in seconds for 1,000 events, until everything was counted. */
  readonly cpuSecondsPerThousand: Readonly<Record<string, number>>;
  readonly minutes: readonly Minute[];
}

/** What `npm start -- --exit` prints last, as far as it is looked at here. */
interface Agreement {
  readonly exact: boolean;
  readonly accepted: number;
  readonly aggregated: { readonly valid: number };
  readonly archived: { readonly distinct: number };
}

/** One look at the run. */
interface Look {
  /** Milliseconds. */
  readonly at: number;
  readonly accepted: number;
  readonly counted: number;
  readonly lagMs: number;
  readonly usages: Usages;
}

const lookMs = 5_000;
const minuteMs = 60_000;

/**
 * Runs the whole pipeline under a steady load of generated clicks, looked at from outside: what the producer says was
 * accepted, what a reader of the table sees, and what the system says of the processes. Then stops it, and has it compare
 * itself with the stream.
 *
 * @param context settings of the app beside the stage's, as arguments
 */
export async function measureLoad(folder: string, load: Load, context: readonly string[]): Promise<Loaded> {
  const dataDir = join(folder, 'load');
  const { command: runner } = await startPipeline(dataDir, context);
  const where = await readLocalPipeline(dataDir);
  const clients = createClients(where.endpoints, where.region);
  const table = dynamoLogTable(clients.dynamodb, where.table);
  const { rate, seconds, pack } = load;
  const count = Math.round(rate * seconds);
  const producer = startCommand('producer/cli.ts', [
    ...['--local', dataDir, '--rate', String(rate), '--count', String(count), '--pack', pack, '--json-lines'],
  ]);
  const watch = processWatch({ runner: runner.pid, producer: producer.pid });
  const startedAt = performance.now();

  /** When how much was accepted, as of each line that the producer prints, until it is counted. */
  let acceptedAt = [{ at: startedAt, accepted: 0 }];
  producer.child.stdout?.on('data', (text: string) => {
    const accepted = Number(/"accepted":(\d+).*\n$/.exec(text)?.[1] ?? 0);
    if (accepted > 0) acceptedAt.push({ at: performance.now(), accepted });
  });
  const look = async (): Promise<Look> => {
    const rows = await readAggregates({ dimension: 'total', window: 'hour' }, { table, now: Date.now });
    const counted = rows.reduce((sum, row) => sum + row.count, 0);
    const at = performance.now();
    const accepted = acceptedAt.at(-1)!.accepted;
    acceptedAt = acceptedAt.filter(
      (point, index) => point.accepted > counted || index === acceptedAt.length - 1,
    );
    const lagMs = accepted > counted ? at - acceptedAt[0]!.at : 0;
    return { at, accepted, counted, lagMs, usages: await watch() };
  };

  const looks: Look[] = [];
  const minutes: Minute[] = [];
  let last = await look();
  const begin = last;
  const endMinute = () => {
    minutes.push(minuteOf(last, looks, startedAt));
    last = looks.at(-1)!;
    looks.length = 0;
  };
  let endedAt: number | undefined;
  const ended = Promise.race([producer.ended, runner.ended]).then(() => {
    endedAt = performance.now();
  });
  for await (const _ of setInterval(Math.min(lookMs, seconds * 100))) {
    looks.push(await look());
    const isOver = endedAt !== undefined && looks.at(-1)!.counted >= acceptedAt.at(-1)!.accepted;
    if (runner.child.exitCode !== null)
      throw new Error(`the pipeline ended in the midst of the run:\n${(await runner.ended).stderr}`);
    if (isOver || performance.now() >= startedAt + (minutes.length + 1) * minuteMs) endMinute();
    if (isOver) break;
  }
  await ended;
  const { code, stderr } = await producer.ended;
  if (code !== 0) throw new Error(`the producer ended with ${code}:\n${stderr}`);
  clients.destroy();
  await stop(runner);

  const agreement = await agreementOf(dataDir);
  return {
    accepted: agreement.accepted,
    counted: agreement.aggregated.valid,
    archived: agreement.archived.distinct,
    right: agreement.exact && agreement.accepted === count,
    behindSeconds: (last.at - endedAt!) / 1_000,
    cpuSecondsPerThousand: mapped(cpuSince(begin, last), (used) => (used / count) * 1_000),
    minutes,
  };
}

function minuteOf(before: Look, looks: readonly Look[], startedAt: number): Minute {
  const end = looks.at(-1)!;
  return {
    seconds: Math.round((end.at - startedAt) / 1_000),
    accepted: end.accepted,
    counted: end.counted,
    lagSeconds: Math.max(...looks.map(({ lagMs }) => lagMs)) / 1_000,
    residentMiB: mapped(end.usages, (_, name) => {
      const seen = looks.flatMap(({ usages }) => usages[name]?.residentMiB ?? []);
      return [Math.min(...seen), Math.max(...seen)] as const;
    }),
    cpuSeconds: cpuSince(before, end),
  };
}

function cpuSince(before: Look, after: Look): Record<string, number> {
  return mapped(after.usages, ({ cpuSeconds }, name) => cpuSeconds - (before.usages[name]?.cpuSeconds ?? 0));
}

function mapped<From, To>(
  values: Readonly<Record<string, From>>,
  map: (value: From, name: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value, name)]));
}

/** Starts the stopped pipeline once more, so that it compares counters and archive with the stream, and ends. */
async function agreementOf(dataDir: string): Promise<Agreement> {
  const args = ['--no-producer', '--port', '0', '--data-dir', dataDir, '--exit'];
  const { stdout, stderr } = await startCommand('local/cli.ts', args).ended;
  const last = stdout.trimEnd().split('\n').at(-1);
  if (!last) throw new Error(`the pipeline did not compare itself:\n${stderr}`);
  return JSON.parse(last);
}
