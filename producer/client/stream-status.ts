import { DescribeStreamSummaryCommand, type StreamStatus } from '@aws-sdk/client-kinesis';
import { type Clock, elapsedMs } from '../../cli/clock';
import { explainAwsError, permissionDenied } from '../../cli/explain-aws-error';
import { SetupError } from '../../cli/setup-error';
import { classifyAwsError } from './aws-errors';
import type { Connection } from './connection';

export interface WaitPorts {
  readonly clock: Clock;
  /** Aborted: do not wait any longer. */
  readonly signal: AbortSignal;
  /** Tells people what is waited for. */
  note(text: string): void;
}

/** A new stream takes some ten seconds; what takes longer than this will not come by itself. */
const longestWaitMs = 5 * 60_000;
/** All callers of an account share 20 calls a second (AWS docs: DescribeStreamSummary). */
const pollMs = 2_000;

/**
 * Looks whether the stream can be written to, before anything is read, and waits for one that is being created. Throws
 * a `SetupError` that says what to do. An identity that may not describe the stream is not kept from writing to it.
 */
export async function awaitActive(connection: Connection, ports: WaitPorts): Promise<void> {
  const { streamName } = connection;
  const { clock, signal, note } = ports;
  const startedAt = elapsedMs(clock);
  for (let polls = 0; !signal.aborted; polls++) {
    const status = await readStatus(connection);
    if (status === 'DELETING') {
      throw new SetupError(`stream ${streamName} is being deleted. Create it again, or name another one.`);
    }
    if (status !== 'CREATING') return;
    if (polls === 0) note(`stream ${streamName} is still being created: waiting for it, 5 minutes at most`);
    if (elapsedMs(clock) - startedAt >= longestWaitMs) {
      throw new SetupError(
        `stream ${streamName} is still being created after 5 minutes. Look at it with: aws kinesis describe-stream-summary --stream-name ${streamName}`,
      );
    }
    await clock.sleep(pollMs, signal);
  }
}

/** Undefined where that cannot be told, but nothing speaks against trying. */
async function readStatus({ client, streamName, context }: Connection): Promise<StreamStatus | undefined> {
  try {
    const { StreamDescriptionSummary: summary } = await client.send(
      new DescribeStreamSummaryCommand({ StreamName: streamName }),
    );
    return summary?.StreamStatus;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const kind = classifyAwsError(error);
    const isWrong = kind === 'unreachable' || kind === 'refused';
    if (!isWrong || permissionDenied.has(error.name) || error.name === 'UnknownOperationException')
      return undefined;
    throw new SetupError(explainAwsError(error, context), { cause: error });
  }
}
