import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../../cli/clock';
import { explainAwsError } from '../../cli/explain-aws-error';
import { SetupError } from '../../cli/setup-error';
import { type Connection, connect } from '../client/connection';
import type { OutgoingEvent } from '../client/outgoing-event';
import { awaitActive } from '../client/stream-status';
import { type OpenedLedger, openLedger } from '../ledger/open-ledger';
import { type ProduceOptions, parseCommand } from './command-line';
import { dryRun } from './dry-run';
import { createFailedEvents } from './failed-events';
import { help } from './help';
import { createInputProgress } from './input-progress';
import { showProgress, type Terminal } from './progress';
import { runProducer } from './run-producer';
import { createSkippedLines } from './skipped-lines';
import { acknowledgement, type RunReport, resumedText, summaryJson, summaryText } from './summary';

export interface CommandPorts {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Terminal;
  readonly clock: Clock;
  /** Aborted: finish what was begun. */
  readonly signal: AbortSignal;
}

/** Exit codes, as the help text explains them; see `abortedExitCode` for the fourth. */
export const exitCodes = { ok: 0, incomplete: 1, setup: 2 } as const;

/** The `produce` command; returns its exit code. */
export async function runCommand(args: readonly string[], ports: CommandPorts): Promise<number> {
  try {
    const command = parseCommand(args);
    if (command.kind === 'help') {
      ports.stdout.write(help);
      return exitCodes.ok;
    }
    if (command.kind === 'dry-run') {
      const isWrongInput = await dryRun(command.traffic, ports);
      return isWrongInput ? exitCodes.incomplete : exitCodes.ok;
    }
    return await connectAndProduce(command, ports);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    ports.stderr.write(`produce: ${error.message}\n`);
    return exitCodes.setup;
  }
}

async function connectAndProduce(options: ProduceOptions, ports: CommandPorts): Promise<number> {
  const { clock, signal, stderr } = ports;
  const connection = await connect(options.target);
  let opened: OpenedLedger | undefined;
  try {
    await awaitActive(connection, { clock, signal, note: (text) => stderr.write(`${text}\n`) });
    if (options.ledger) {
      const run = { streamName: connection.streamName, packing: options.settings.packing, clock };
      opened = await openLedger(options.ledger, options.traffic, run);
      if (opened.before && !options.quiet) stderr.write(`${resumedText(opened.before)}\n`);
    }
    return await produce(options, connection, opened, ports);
  } finally {
    opened?.ledger.close();
    connection.client.destroy();
  }
}

async function produce(
  { traffic, settings, ledger: option, failedFile, json, jsonLines, quiet }: ProduceOptions,
  { client, streamName, context }: Connection,
  opened: OpenedLedger | undefined,
  { stdin, stdout, stderr, clock, signal }: CommandPorts,
): Promise<number> {
  const stamp = new Date(clock.now()).toISOString().replaceAll(':', '-');
  const failed = createFailedEvents(failedFile ?? `failed-events-${stamp}.ndjson`);
  const refused: OutgoingEvent[] = [];
  const acknowledges = traffic.isDefault && !json && !quiet;
  const ledger = opened?.ledger;
  const input = await createInputProgress(traffic);

  const run = runProducer(
    traffic,
    {
      client,
      streamName,
      clock,
      signal,
      stdin,
      onRead: input.onRead,
      ...(ledger && { through: ledger.through }),
      onAccepted(event, receipt) {
        ledger?.accepted(event, receipt);
        if (acknowledges) stdout.write(`${acknowledgement(event, receipt, clock.now())}\n`);
      },
      onFailed(event, receipt) {
        ledger?.notAccepted(event, receipt);
        if (receipt.reason === 'refused') refused.push(event);
        else failed.keep(event);
      },
      onSkipped(line) {
        skippedLines.add(line);
      },
      onShardsUnknown: (why) =>
        progress.note(
          `cannot list the shards of the stream (${why.message}): each record holds events of one visitor only; allow kinesis:ListShards`,
        ),
    },
    settings,
  );
  const progress = showProgress({ run, input, stdout, stderr, json: jsonLines, quiet, acknowledges });
  const skippedLines = createSkippedLines(traffic, quiet ? undefined : progress.note);
  try {
    const summary = await run.finished;
    ledger?.end();
    skippedLines.end();
    // If nothing got through at all, the settings were wrong: the whole input is still to be sent, not a part of it.
    const nothingSent = summary.fault !== undefined && summary.accepted === 0;
    if (!nothingSent) refused.forEach(failed.keep);
    progress.end();
    if (summary.fault) stderr.write(`produce: ${explainAwsError(summary.fault, context)}\n`);
    const report: RunReport = {
      summary,
      failedFile: failed.count() > 0 ? failed.path : undefined,
      ledger: ledger && option && { path: option.path, ...ledger.overlap() },
    };
    stdout.write(`${json ? summaryJson(report) : summaryText(report)}\n`);
    if (nothingSent) return exitCodes.setup;
    const events = summary.read + summary.excludedLines + (ledger?.overlap().passedOver ?? 0);
    const isWrongInput = summary.skippedLines > 0 && events === 0;
    if (isWrongInput) {
      const hint = skippedLines.hint();
      stderr.write(`produce: no line of the input is an event${hint === undefined ? '' : `; ${hint}`}\n`);
    }
    return summary.failed > 0 || isWrongInput ? exitCodes.incomplete : exitCodes.ok;
  } finally {
    progress.end();
    failed.close();
  }
}
