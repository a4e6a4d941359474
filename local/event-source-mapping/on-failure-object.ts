import type { StoredObject } from '../object-store';
import { type EventRecord, eventJson } from './invocation-event';

export type DiscardCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

/** A batch that a mapping gives up on. */
export interface DiscardedBatch {
  readonly requestId: string;
  readonly functionArn: string;
  readonly streamArn: string;
  readonly shardId: string;
  readonly condition: DiscardCondition;
  readonly invokeCount: number;
  /** How the last invocation ended; absent if the function was not reached, or the batch grew too old. */
  readonly lastResponse?: 'returned' | 'threw';
  readonly records: readonly EventRecord[];
}

/**
 * The object that a mapping writes to its S3 destination, key and members in the order and spelling of AWS
 * (AWS docs: on-failure destinations for Kinesis): the metadata of the batch and, as an escaped string, the whole
 * invocation event.
 */
export function onFailureObject(
  bucket: string,
  mappingUuid: string,
  batch: DiscardedBatch,
  now: number,
  objectUuid: string,
): StoredObject {
  const timestamp = new Date(now).toISOString();
  const first = batch.records[0]!;
  const last = batch.records.at(-1)!;
  const document = {
    requestContext: {
      requestId: batch.requestId,
      functionArn: batch.functionArn,
      condition: batch.condition,
      approximateInvokeCount: batch.invokeCount,
    },
    ...(batch.lastResponse && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        functionError: batch.lastResponse === 'threw' ? 'Unhandled' : null,
      },
    }),
    version: '1.0',
    timestamp,
    KinesisBatchInfo: {
      shardId: batch.shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: new Date(first.arrivedAt).toISOString(),
      approximateArrivalOfLastRecord: new Date(last.arrivedAt).toISOString(),
      batchSize: batch.records.length,
      streamArn: batch.streamArn,
    },
    payload: eventJson(batch.records),
  };
  return {
    bucket,
    key: objectKey(mappingUuid, batch.shardId, timestamp, objectUuid),
    body: Buffer.from(JSON.stringify(document)),
    contentType: 'application/octet-stream',
  };
}

/** `aws/lambda/<mapping>/<shard>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<uuid>`, dated as the document. */
function objectKey(mappingUuid: string, shardId: string, timestamp: string, objectUuid: string): string {
  const day = timestamp.slice(0, 10).replaceAll('-', '/');
  const second = timestamp.slice(0, 19).replaceAll(':', '.');
  return `aws/lambda/${mappingUuid}/${shardId}/${day}/${second}-${objectUuid}`;
}
