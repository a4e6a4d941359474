import type { Readable, Writable } from 'node:stream';
import { explainAwsError } from '../cli/explain-aws-error';
import { SetupError } from '../cli/setup-error';
import type { Clock } from './clock';
import { type Command, parseCommand } from './command-line';
import { type Connection, connect } from './connection';
import { dryRun } from './dry-run';
import { createFailedEvents } from './failed-events';
import { help } from './help';
import type { OutgoingEvent } from './outgoing-event';
import { showProgress } from './progress';
import { runProducer } from './run';
import { acknowledgement, summaryJson, summaryText } from './text';

export interface CommandPorts {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean };
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
      await dryRun(command.traffic, ports);
      return exitCodes.ok;
    }
    const connection = await connect(command.target);
    try {
      return await produce(command, connection, ports);
    } finally {
      connection.client.destroy();
    }
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    ports.stderr.write(`produce: ${error.message}\n`);
    return exitCodes.setup;
  }
}

async function produce(
  { traffic, maxAttempts, failedFile, json }: Command & { readonly kind: 'produce' },
  { client, streamName, context }: Connection,
  { stdin, stdout, stderr, clock, signal }: CommandPorts,
): Promise<number> {
  const stamp = new Date(clock.now()).toISOString().replaceAll(':', '-');
  const failed = createFailedEvents(failedFile ?? `failed-events-${stamp}.ndjson`);
  const refused: OutgoingEvent[] = [];
  const acknowledges = traffic.isDefault && !json;

  const run = runProducer(
    traffic,
    {
      client,
      streamName,
      clock,
      signal,
      stdin,
      onAccepted(event, receipt) {
        if (acknowledges) stdout.write(`${acknowledgement(event, receipt, clock.now())}\n`);
      },
      onFailed(event, { reason }) {
        if (reason === 'refused') refused.push(event);
        else failed.keep(event);
      },
      onSkipped: ({ line, reason }) => progress.note(`line ${line} skipped: ${reason}`),
    },
    maxAttempts === undefined ? {} : { maxAttempts },
  );
  const progress = showProgress(run, stderr, acknowledges);
  try {
    const summary = await run.finished;
    // If nothing got through at all, the settings were wrong: the whole input is still to be sent, not a part of it.
    const nothingSent = summary.fault !== undefined && summary.accepted === 0;
    if (!nothingSent) refused.forEach(failed.keep);
    progress.end();
    if (summary.fault) stderr.write(`produce: ${explainAwsError(summary.fault, context)}\n`);
    const keptIn = failed.count() > 0 ? failed.path : undefined;
    stdout.write(`${json ? summaryJson(summary, keptIn) : summaryText(summary, keptIn)}\n`);
    if (nothingSent) return exitCodes.setup;
    return summary.failed > 0 ? exitCodes.incomplete : exitCodes.ok;
  } finally {
    progress.end();
    failed.close();
  }
}
