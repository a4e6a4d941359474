import { counted } from '../cli/counted';
import { aborted, abortedExitCode } from '../cli/interrupt';
import type { DataDir } from '../emulators/data-dir';
import { createKinesisClient } from '../producer/client/kinesis-client';
import { defaultPacking, type Packing } from '../producer/client/packing/packer';
import { createFailedEvents } from '../producer/command/failed-events';
import { createInputProgress } from '../producer/command/input-progress';
import type { Traffic } from '../producer/command/options';
import { type RunSummary, runProducer } from '../producer/command/run-producer';
import { createSkippedLines } from '../producer/command/skipped-lines';
import type { Deployment } from './deployment';
import type { ChaosOptions } from './fault-injection/start-chaos';
import type { LocalOptions } from './options';
import { type Pipeline, startPipeline } from './pipeline';
import type { RunPorts } from './run-ports';
import { finalJson } from './status/final-json';
import { type LiveStatus, showLiveStatus } from './status/live-status';
import { createStateReader, type ProducerState } from './status/pipeline-state';
import { startedJson } from './status/status-json';
import { welcome } from './status/welcome';

/** Starts what the deployment asks for, and runs it as long as the options say; returns the command's exit code. */
export async function runDeployment(
  deployment: Deployment,
  dir: DataDir,
  options: LocalOptions,
  chaos: ChaosOptions | undefined,
  ports: RunPorts,
): Promise<number> {
  const pipeline = await startPipeline(deployment, dir, {
    ...{ port: options.port, chaos, destination: ports.destination },
  }).catch((error: unknown) => {
    // Ctrl-C ends the processes that a start needs, as well.
    if (!ports.signal.aborted) throw error;
    return undefined;
  });
  if (!pipeline) {
    ports.stderr.write('Interrupted while it was starting; what had started is stopped.\n');
    return abortedExitCode;
  }
  try {
    ports.stderr.write(welcome(pipeline.where, dir, options, chaos?.seed));
    if (options.jsonLines) {
      ports.stdout.write(`${startedJson(dir, Date.now())}\n`);
    }
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
  const { stdout, stderr, elapsed, signal } = ports;
  let producer: StartedProducer | undefined;
  const readState = createStateReader(pipeline, elapsed);
  const status = showLiveStatus({
    stdout,
    stderr,
    jsonLines: options.jsonLines,
    read: () => readState(producer?.state()),
    now: Date.now,
  });
  try {
    producer = options.traffic && (await startProducer(options.traffic, pipeline, dir, ports, status));
    const summary = await Promise.race([producer?.finished, pipeline.failed]);
    if (summary?.fault) throw summary.fault;
    if (!options.exit) await Promise.race([aborted(signal), pipeline.failed]);
    const producedMs = elapsed();
    await pipeline.drain(status.note);
    const drainedMs = elapsed();
    const isComplete = (summary?.failed ?? 0) === 0 && !readNothing(summary);
    if (readNothing(summary)) status.note('No line of the input was an event: is --format right?');
    if (!options.exit) return isComplete ? 0 : 1;

    status.note('Comparing stream, counters and archive …');
    const agreement = await pipeline.verify();
    await status.end();
    const timings = {
      startupMs,
      producingMs: producedMs - startupMs,
      drainingMs: drainedMs - producedMs,
      verifyingMs: elapsed() - drainedMs,
      totalMs: elapsed(),
    };
    stdout.write(`${finalJson(agreement, summary, timings, pipeline.status(), options.jsonLines)}\n`);
    return agreement.exact && isComplete ? 0 : 1;
  } finally {
    await status.end();
  }
}

interface StartedProducer {
  state(): ProducerState;
  readonly finished: Promise<RunSummary>;
}

async function startProducer(
  traffic: Traffic,
  { where }: Pipeline,
  dir: DataDir,
  { stdin, signal }: RunPorts,
  status: LiveStatus,
): Promise<StartedProducer> {
  const { region, credentials, endpoints, stream } = where;
  const client = createKinesisClient({ region, credentials, endpoint: endpoints.kinesis });
  const failedEvents = createFailedEvents(dir.failedEvents);
  const skipped = createSkippedLines(traffic, status.note);
  const input = await createInputProgress(traffic);
  const run = runProducer(
    traffic,
    {
      client,
      streamName: stream,
      signal,
      stdin,
      onRead: input.onRead,
      onFailed: (event) => failedEvents.keep(event),
      onSkipped: skipped.add,
    },
    // The emulator has no quota to keep.
    { packing: packingOf(traffic), shardBudget: 'unlimited' },
  );
  const finish = async (): Promise<RunSummary> => {
    try {
      return await run.finished;
    } finally {
      client.destroy();
      failedEvents.close();
      skipped.end();
      if (failedEvents.count() > 0)
        status.note(`${counted(failedEvents.count(), 'event')} not accepted, kept in ${failedEvents.path}`);
    }
  };
  const state = (): ProducerState => {
    const stats = run.stats();
    const { read, accepted, failed, skippedLines } = stats;
    return { read, accepted, failed, skippedLines, fraction: input.fraction(stats) };
  };
  return { state, finished: finish() };
}

/**
 * Generated events get a record each, so that what one counts in the stream is clicks. A file is imported: packed, it
 * takes the emulators a fraction of the time.
 */
function packingOf({ input }: Traffic): Packing {
  return input.kind === 'file' ? defaultPacking : 'none';
}

function readNothing(summary: RunSummary | undefined): boolean {
  return summary !== undefined && summary.read === 0 && summary.skippedLines > 0;
}
