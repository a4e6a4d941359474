import type { Writable } from 'node:stream';
import { explained } from '../cli/explain-aws-error';
import { SetupError } from '../cli/setup-error';
import { type Clock, systemClock } from '../producer/clock';
import { type Connection, connect } from '../producer/connection';
import { readLedger } from '../producer/ledger/read-ledger';
import { streamRecords } from '../producer/ledger/stream-records';
import { type Verification, verifyLedger } from '../producer/ledger/verify';
import { awaitActive } from '../producer/stream-status';
import { help, parseVerifyCommand, type VerifyCommand } from './command-line';
import { readLocalPorts } from './local-ports';
import { verificationText } from './text';

export interface VerifyCommandPorts {
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** @default systemClock */
  readonly clock?: Clock;
  readonly signal: AbortSignal;
}

export const exitCodes = { exact: 0, different: 1, setup: 2 } as const;

/** The `verify-ledger` command; returns its exit code. */
export async function runVerify(args: readonly string[], ports: VerifyCommandPorts): Promise<number> {
  try {
    const command = parseVerifyCommand(args);
    if (command.kind === 'help') {
      ports.stdout.write(help);
      return exitCodes.exact;
    }
    const verification = await verify(command, ports);
    ports.stdout.write(command.json ? `${JSON.stringify(verification)}\n` : verificationText(verification));
    return verification.exact ? exitCodes.exact : exitCodes.different;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    ports.stderr.write(`verify-ledger: ${error.message}\n`);
    return exitCodes.setup;
  }
}

const permissions = 'kinesis:ListShards, kinesis:GetShardIterator and kinesis:GetRecords on the stream';

async function verify(
  { ledger, target }: VerifyCommand & { readonly kind: 'verify' },
  { stderr, signal, clock = systemClock }: VerifyCommandPorts,
): Promise<Verification> {
  const connection = await connect(target);
  const { client, streamName } = connection;
  try {
    await awaitActive(connection, { clock, signal, note: (text) => stderr.write(`${text}\n`) });
    const more = target.kind === 'local' ? await readLocalPorts(target.directory, clock) : {};
    return await verifyLedger({
      ledger: readLedger(ledger, (header) => checkStream(header.stream, connection)),
      stream: streamRecords(streamName, { client, clock }),
      ...more,
    });
  } catch (error) {
    throw explained(error, { ...connection.context, permissions });
  } finally {
    client.destroy();
  }
}

function checkStream(stream: string, { streamName }: Connection): void {
  if (stream !== streamName)
    throw new SetupError(`the ledger is of stream ${stream}, and not of ${streamName}`);
}
