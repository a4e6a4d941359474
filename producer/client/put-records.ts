import {
  PutRecordsCommand,
  type PutRecordsCommandOutput,
  type PutRecordsResultEntry,
} from '@aws-sdk/client-kinesis';
import { classifyAwsError } from './aws-errors';
import type { OutgoingEvent } from './outgoing-event';

/** The part of a `KinesisClient` that sends records. */
export interface PutRecordsClient {
  send(command: PutRecordsCommand): Promise<PutRecordsCommandOutput>;
}

export type EntryResult =
  | { readonly ok: true; readonly shardId: string; readonly sequenceNumber: string }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** What became of a whole request. */
export type RequestResult =
  /** One result for each record, in the request's order. */
  | { readonly kind: 'answered'; readonly httpStatus: number; readonly entries: readonly EntryResult[] }
  /** Worth another attempt. `mayHaveArrived`: there was no answer, so Kinesis may hold the records. */
  | { readonly kind: 'retry'; readonly error: Error; readonly mayHaveArrived: boolean }
  /** Nobody listens at the address, or it does not resolve. Nothing was sent. */
  | { readonly kind: 'unreachable'; readonly error: Error }
  /** Another attempt would be answered alike: no such stream, no permission, expired credentials, … */
  | { readonly kind: 'refused'; readonly error: Error };

/** Sends one `PutRecords` request. Expected failures are values; an answer that breaks the API's contract throws. */
export async function putRecords(
  client: PutRecordsClient,
  streamName: string,
  events: readonly OutgoingEvent[],
): Promise<RequestResult> {
  let output: PutRecordsCommandOutput;
  try {
    output = await client.send(
      new PutRecordsCommand({
        StreamName: streamName,
        Records: events.map(({ data, partitionKey }) => ({ Data: data, PartitionKey: partitionKey })),
      }),
    );
  } catch (error) {
    return failure(error);
  }
  const entries = output.Records ?? [];
  if (entries.length !== events.length) {
    throw new Error(`PutRecords answered ${entries.length} results for ${events.length} records`);
  }
  return {
    kind: 'answered',
    httpStatus: output.$metadata.httpStatusCode ?? 200,
    entries: entries.map(entryResult),
  };
}

function failure(error: unknown): RequestResult {
  if (!(error instanceof Error)) throw error;
  const kind = classifyAwsError(error);
  switch (kind) {
    case 'throttled':
      return { kind: 'retry', error, mayHaveArrived: false };
    case 'unanswered':
      return { kind: 'retry', error, mayHaveArrived: true };
    case 'unreachable':
    case 'refused':
      return { kind, error };
    case 'not_aws':
      throw error;
  }
}

function entryResult({
  SequenceNumber,
  ShardId,
  ErrorCode,
  ErrorMessage,
}: PutRecordsResultEntry): EntryResult {
  if (SequenceNumber && ShardId && !ErrorCode) {
    return { ok: true, shardId: ShardId, sequenceNumber: SequenceNumber };
  }
  return { ok: false, code: ErrorCode ?? 'NoSequenceNumber', message: ErrorMessage ?? '' };
}
