import { counted } from '../cli/counted';
import type { DataDir } from '../emulators/data-dir';
import { createKinesisClient } from '../producer/client/kinesis-client';
import { createFailedEvents } from '../producer/command/failed-events';
import type { Traffic } from '../producer/command/options';
import { type ProducerRun, type RunSummary, runProducer } from '../producer/command/run-producer';
import { createSkippedLines } from '../producer/command/skipped-lines';
import { readAggregates } from '../report/aggregates-reader';
import { dynamoLogTable } from '../table/log-table';
import type { Deployment } from './deployment';
import type { ChaosOptions } from './fault-injection/start-chaos';
import type { LocalOptions } from './options';
import { type Pipeline, startPipeline } from './pipeline';
import type { RunPorts } from './run-local';
import { finalJson } from './status/final-json';
import { type LiveStatus, showLiveStatus } from './status/live-status';
import { statusLine } from './status/status-line';
import { welcome } from './status/welcome';

/** Starts what the deployment asks for, and runs it as long as the options say; returns the command's exit code. */
export async function runDeployment(
  deployment: Deployment,
  dir: DataDir,
  options: LocalOptions,
  chaos: ChaosOptions | undefined,
  ports: RunPorts,
): Promise<number> {
  const pipeline = await startPipeline(deployment, dir, { port: options.port, chaos });
  try {
    ports.stderr.write(welcome(pipeline.where, dir, options, chaos?.seed));
    return await runPipeline(pipeline, dir, options, ports, ports.elapsed());
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
    const isComplete = (summary?.failed ?? 0) === 0 && !readNothing(summary);
    if (readNothing(summary)) status.note('No line of the input was an event: is --format right?');
    if (!options.exit) return isComplete ? 0 : 1;

    const agreement = await pipeline.verify();
    await status.end();
    const timings = {
      startupMs,
      producingMs: producedMs - startupMs,
      drainingMs: drainedMs - producedMs,
      verifyingMs: elapsed() - drainedMs,
      totalMs: elapsed(),
    };
    const { injected } = pipeline.status();
    ports.stdout.write(`${finalJson(agreement, summary, timings, injected)}\n`);
    return agreement.exact && isComplete ? 0 : 1;
  } finally {
    await status.end();
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
  const skippedLines = createSkippedLines(traffic, status.note);
  const run = runProducer(
    traffic,
    {
      client,
      streamName: stream,
      signal,
      stdin,
      onFailed: (event) => failed.keep(event),
      onSkipped: skippedLines.add,
    },
    // A record an event, so that what one counts in the stream is clicks; and the emulator has no quota to keep.
    { packing: 'none', shardBudget: 'unlimited' },
  );
  const finish = async (): Promise<RunSummary> => {
    try {
      return await run.finished;
    } finally {
      client.destroy();
      failed.close();
      skippedLines.end();
      if (failed.count() > 0)
        status.note(`${counted(failed.count(), 'event')} not accepted, kept in ${failed.path}`);
    }
  };
  return { run, finished: finish() };
}

async function countInvalid({ clients, where }: Pipeline): Promise<number> {
  const rows = await readAggregates(
    { dimension: 'invalid', window: 'hour' },
    { table: dynamoLogTable(clients.dynamodb, where.table), now: Date.now },
  );
  return rows.reduce((sum, { count }) => sum + count, 0);
}

function readNothing(summary: RunSummary | undefined): boolean {
  return summary !== undefined && summary.read === 0 && summary.skippedLines > 0;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
