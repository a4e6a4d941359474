import type { Readable, Writable } from 'node:stream';
import { createFailedEvents } from '../producer/failed-events';
import { createKinesisClient } from '../producer/kinesis-client';
import type { Traffic } from '../producer/options';
import { type ProducerRun, type RunSummary, runProducer } from '../producer/run';
import { readAggregates } from '../report/aggregates-reader';
import type { Agreement } from './agreement/agreement';
import { type DataDir, dataDirAt, prepareDataDir } from './data-dir';
import { type LiveStatus, showLiveStatus } from './live-status';
import type { LocalOptions } from './options';
import { type Pipeline, startPipeline } from './pipeline';
import { statusLine } from './status-line';
import { synthesize } from './synthesize';
import { readDeployment } from './template/read-deployment';
import { welcome } from './welcome';

export interface RunPorts {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Milliseconds that only go forward. */
  readonly elapsed: () => number;
  /** Aborted: stop producing, deliver what there is, end. */
  readonly signal: AbortSignal;
  /** Folder of `cdk.json`. */
  readonly appDir: string;
}

/** The `npm start` command; returns its exit code. */
export async function runLocal(options: LocalOptions, ports: RunPorts): Promise<number> {
  const { stderr, elapsed, appDir } = ports;
  const dir = dataDirAt(options.dataDir);
  await prepareDataDir(dir, options.fresh);
  stderr.write('Synthesizing the templates …\n');
  await synthesize({ appDir, outputDir: dir.assembly, context: options.context });
  const pipeline = await startPipeline(readDeployment(dir.assembly), dir, options.port);
  try {
    stderr.write(welcome(pipeline.where, dir, options));
    return await runPipeline(pipeline, dir, options, ports, elapsed());
  } finally {
    await pipeline.stop();
  }
}

async function runPipeline(
  pipeline: Pipeline,
  dir: DataDir,
  options: LocalOptions,
  ports: RunPorts,
  startupMs: number,
): Promise<number> {
  const { stderr, elapsed, signal } = ports;
  let producer: ProducerRun | undefined;
  const status = showLiveStatus(stderr, async () =>
    statusLine(pipeline.status(), await countInvalid(pipeline), producer?.stats()),
  );
  try {
    const produced = options.traffic && startProducer(options.traffic, pipeline, dir, ports, status);
    producer = produced?.run;
    const summary = await Promise.race([produced?.finished, pipeline.failed]);
    if (summary?.fault) throw summary.fault;
    if (!options.exit) await Promise.race([aborted(signal), pipeline.failed]);
    const producedMs = elapsed();
    status.note('Delivering what is buffered …');
    await pipeline.drain();
    const drainedMs = elapsed();
    const isComplete = (summary?.failed ?? 0) === 0;
    if (!options.exit) return isComplete ? 0 : 1;

    const agreement = await pipeline.verify();
    status.end();
    const timings = {
      startupMs,
      producingMs: producedMs - startupMs,
      drainingMs: drainedMs - producedMs,
      verifyingMs: elapsed() - drainedMs,
      totalMs: elapsed(),
    };
    ports.stdout.write(`${finalJson(agreement, summary, timings)}\n`);
    return agreement.exact && isComplete ? 0 : 1;
  } finally {
    status.end();
  }
}

interface StartedProducer {
  readonly run: ProducerRun;
  readonly finished: Promise<RunSummary>;
}

function startProducer(
  traffic: Traffic,
  { where }: Pipeline,
  dir: DataDir,
  { stdin, signal }: RunPorts,
  status: LiveStatus,
): StartedProducer {
  const { region, credentials, endpoints, stream } = where;
  const client = createKinesisClient({ region, credentials, endpoint: endpoints.kinesis });
  const failed = createFailedEvents(dir.failedEvents);
  const run = runProducer(traffic, {
    client,
    streamName: stream,
    signal,
    stdin,
    onFailed: (event) => failed.keep(event),
    onSkipped: ({ line, reason }) => status.note(`line ${line} skipped: ${reason}`),
  });
  const finish = async (): Promise<RunSummary> => {
    try {
      return await run.finished;
    } finally {
      client.destroy();
      failed.close();
      if (failed.count() > 0)
        status.note(`${failed.count()} events were not accepted; they are in ${failed.path}`);
    }
  };
  return { run, finished: finish() };
}

async function countInvalid({ clients, where }: Pipeline): Promise<number> {
  const rows = await readAggregates(
    { dimension: 'invalid', window: 'hour' },
    { client: clients.dynamodb, tableName: where.table, now: Date.now },
  );
  return rows.reduce((sum, { count }) => sum + count, 0);
}

function finalJson(
  agreement: Agreement,
  summary: RunSummary | undefined,
  timings: Readonly<Record<string, number>>,
): string {
  const { differences, ...result } = agreement;
  const producer = summary && {
    read: summary.read,
    accepted: summary.accepted,
    retried: summary.retried,
    failed: summary.failed,
    skippedLines: summary.skippedLines,
  };
  const rounded = Object.fromEntries(Object.entries(timings).map(([name, ms]) => [name, Math.round(ms)]));
  return JSON.stringify({
    ...result,
    timings: rounded,
    ...(producer ? { producer } : {}),
    ...(differences.length > 0 ? { differences } : {}),
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
