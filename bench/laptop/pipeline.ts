import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command, CommandOptions } from '../../chaos/child';
import { type LocalPipeline, readLocalPipeline } from '../../cli/local-pipeline';
import { untilAborted } from '../until-aborted';
import type { Ground } from './ground';

export interface RunningPipeline {
  readonly command: Command;
  readonly where: LocalPipeline;
  /** Milliseconds from its start until it was ready for events. */
  readonly readyMs: number;
  /** Ctrl-C: delivers what is buffered, and ends; resolves with how many milliseconds that took. */
  stop(): Promise<number>;
}

/** `npm start` without a producer of its own, and without npm. */
export async function startPipeline(
  ground: Ground,
  dataDir: string,
  context: Readonly<Record<string, string | number>> = {},
  options?: Partial<CommandOptions>,
): Promise<RunningPipeline> {
  const startedAt = performance.now();
  const settings = Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const args = ['--no-producer', '--port', '0', '--data-dir', dataDir, ...settings];
  const command = ground.start('local/cli.ts', args, options);
  await command.says('The pipeline runs');
  const readyMs = performance.now() - startedAt;
  return {
    command,
    where: await readLocalPipeline(dataDir),
    readyMs,
    stop: async () => {
      const askedAt = performance.now();
      command.child.kill('SIGINT');
      const { code, stderr } = await command.ended;
      if (code !== 0) throw new Error(`the pipeline ended with ${code}:\n${stderr}`);
      return performance.now() - askedAt;
    },
  };
}

export interface RunningEmulators {
  readonly command: Command;
  readonly readyMs: number;
  readonly endpoints: { readonly kinesis: string; readonly dynamodb: string; readonly s3: string };
  stop(): Promise<void>;
}

/** The three emulators in a process that does nothing else. */
export async function startEmulatorsAlone(ground: Ground, dataDir: string): Promise<RunningEmulators> {
  const startedAt = performance.now();
  const command = ground.start('bench/laptop/emulators-alone.ts', [dataDir]);
  await command.says('The emulators run');
  const readyMs = performance.now() - startedAt;
  return {
    command,
    readyMs,
    endpoints: JSON.parse(await readFile(join(dataDir, 'emulators.json'), 'utf8')),
    stop: async () => {
      command.child.kill('SIGTERM');
      const { code, stderr } = await command.ended;
      if (code !== 0) throw new Error(`the emulators ended with ${code}:\n${stderr}`);
    },
  };
}

export interface RunningProducer {
  readonly command: Command;
  /** Events that Kinesis has acknowledged, as of the last second. */
  accepted(): number;
  /** Resolves with what it says of itself at its end; rejects unless every event was accepted. */
  readonly finished: Promise<ProducerSummary>;
}

export interface ProducerSummary {
  readonly accepted: number;
  readonly ambiguous: number;
  readonly records: number;
  readonly eventsPerSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number };
}

export interface Load {
  /** Events a second. */
  readonly rate: number;
  readonly seconds: number;
  readonly pack: string;
}

/** `npm run produce`, without npm. */
export function startProducer(
  ground: Ground,
  to: readonly string[],
  { rate, seconds, pack }: Load,
  env: Readonly<Record<string, string>> = {},
): RunningProducer {
  const count = Math.round(rate * seconds);
  const args = [...to, '--rate', String(rate), '--count', String(count), '--pack', pack];
  const command = ground.start('producer/cli.ts', [...args, '--json-lines'], { env });
  let accepted = 0;
  command.child.stdout?.on('data', (text: string) => {
    const last = /"accepted":(\d+).*\n$/.exec(text)?.[1];
    if (last !== undefined) accepted = Number(last);
  });
  const finish = async (): Promise<ProducerSummary> => {
    const { code, stdout, stderr } = await command.ended;
    if (code !== 0) throw new Error(`the producer ended with ${code}:\n${stderr}`);
    return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as ProducerSummary;
  };
  return { command, accepted: () => accepted, finished: finish() };
}

/** Calls at each interval until a promise settles, which it returns. */
export async function meanwhile<T>(
  promise: Promise<T>,
  everyMs: number,
  work: () => Promise<void>,
): Promise<T> {
  const stop = new AbortController();
  const worked = untilAborted(stop.signal, everyMs, work);
  try {
    return await Promise.race([promise, worked.then(() => promise)]);
  } finally {
    stop.abort();
    await worked;
  }
}
