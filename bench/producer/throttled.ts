import { join } from 'node:path';
import { parseOptions } from '../../cli/arguments';
import { numberOption, oneOf } from '../../cli/option-values';
import { createKinesisClient } from '../../producer/client/kinesis-client';
import { parseTraffic } from '../../producer/command/options';
import { type ProducerRun, type RunStats, runProducer } from '../../producer/command/run-producer';
import { startChildServer } from '../child-server';
import { collectGarbage } from '../collect-garbage';
import { commonOptions, printResult } from '../report';
import { untilAborted } from '../until-aborted';

interface Taken {
  readonly records: number;
  readonly events: number;
  readonly bytes: number;
}

/** How a minute of the run was. */
interface Minute {
  readonly accepted: number;
  readonly throttled: number;
  readonly outstanding: number;
  /** Heap and buffers: what was left of them after a collection at its end, and the most before. */
  readonly memoryMiB: { readonly live: number; readonly most: number };
  readonly residentMiB: number;
}

const sampleMs = 500;
const minuteMs = 60_000;
const mebibyte = 1024 * 1024;

/**
 * Sends generated clicks, as fast as they are taken, to four shards that take a share of their quota, and
 * watches memory. Sets the exit code to 1 if an event failed, or the server did not take what counts as accepted.
 *
 * @param args `--minutes N`, `--share X` of the quota, `--pack HOW`, `--json`; `--short`: three seconds,
 * and half of the quota, so that what waits at the end goes soon
 */
export async function benchmarkThrottled(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, {
    ...commonOptions,
    minutes: { type: 'string' },
    share: { type: 'string' },
    pack: { type: 'string' },
  });
  const minutes =
    numberOption('minutes', values.minutes, { most: 1440, whole: false }) ?? (values.short ? 0.05 : 10);
  const share = numberOption('share', values.share, { most: 1, whole: false }) ?? (values.short ? 0.5 : 0.05);
  const packing = oneOf('pack', values.pack, ['none', 'ndjson', 'kpl']) ?? 'ndjson';

  const server = await startChildServer<Taken>(join(__dirname, 'throttling-server.ts'), [String(share)]);
  const client = createKinesisClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    endpoint: server.endpoint,
  });
  try {
    const traffic = parseTraffic({ max: true, duration: String(minutes * 60) });
    const run = runProducer(traffic, { client, streamName: 'clicks' }, { packing });
    const watched = watch(run);
    const { read, accepted, failed, ambiguous, retried, throttled, elapsedMs } = await run.finished;
    const taken = await server.ask();
    const result = {
      ...{ packing, share, seconds: Math.round(elapsedMs / 1000) },
      ...{ read, accepted, failed, ambiguous, retried, throttled, taken },
      minutes: await watched,
    };
    printResult(values, result, () => report(result));
    if (failed > 0 || accepted !== taken.events || read !== accepted) process.exitCode = 1;
  } finally {
    client.destroy();
    await server.stop();
  }
}

function memoryMiB(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return Math.round((heapUsed + arrayBuffers) / mebibyte);
}

async function watch(run: ProducerRun): Promise<Minute[]> {
  const stop = new AbortController();
  void run.finished.finally(() => stop.abort()).catch(() => {});
  const minutes: Minute[] = [];
  let before = run.stats();
  let most = 0;
  const close = (stats: RunStats) => {
    collectGarbage();
    minutes.push({
      accepted: stats.accepted - before.accepted,
      throttled: stats.throttled - before.throttled,
      outstanding: stats.outstanding,
      memoryMiB: { live: memoryMiB(), most },
      residentMiB: Math.round(process.memoryUsage.rss() / mebibyte),
    });
    before = stats;
    most = 0;
  };
  await untilAborted(stop.signal, sampleMs, () => {
    most = Math.max(most, memoryMiB());
    const stats = run.stats();
    if (stats.elapsedMs >= (minutes.length + 1) * minuteMs) close(stats);
  });
  close(run.stats());
  return minutes;
}

interface Result {
  readonly packing: string;
  readonly share: number;
  readonly seconds: number;
  readonly read: number;
  readonly accepted: number;
  readonly failed: number;
  readonly ambiguous: number;
  readonly throttled: number;
  readonly taken: Taken;
  readonly minutes: readonly Minute[];
}

function report(result: Result): string {
  const { packing, share, seconds, read, accepted, failed, ambiguous, throttled, taken, minutes } = result;
  const rows = minutes.map(({ accepted, throttled, outstanding, memoryMiB, residentMiB }, index) => {
    const cells = [accepted, throttled, outstanding, memoryMiB.live, memoryMiB.most, residentMiB];
    return `| ${[index + 1, ...cells].join(' | ')} |`;
  });
  return `--pack ${packing}, 4 shards at ${share * 100} % of their quota, ${seconds} s
${read} read, ${accepted} accepted, ${failed} failed, ${ambiguous} ambiguous; ${throttled} times throttled
the server took ${taken.events} events in ${taken.records} records, ${taken.bytes} bytes

| minute | accepted | throttled | outstanding | live, MiB | most, MiB | resident, MiB |
| --: | --: | --: | --: | --: | --: | --: |
${rows.join('\n')}
`;
}
