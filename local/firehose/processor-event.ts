import { unpack } from '../../domain/event/kpl';
import type { StreamRecord } from '../stream-reader';

/** A record on its way through the processor: one of the stream, or one that was unpacked from a KPL aggregate. */
export interface SourceRecord extends StreamRecord {
  readonly shardId: string;
  /** Which of its aggregate's records it is, from 0; 0 for one that was not in an aggregate. */
  readonly subsequenceNumber: number;
  /** Whether the stream's record ends with it: only then may a checkpoint pass that record. */
  readonly isLast: boolean;
  /** Stable over retries and restarts; for the function it is opaque. */
  readonly recordId: string;
  /** When it entered the processor's buffer. */
  readonly readAt: number;
}

export interface EventSource {
  readonly deliveryStreamArn: string;
  readonly sourceStreamArn: string;
  readonly region: string;
}

/** Lambda's bound on a synchronous request, and on its answer. */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;
const MIB = 1024 * 1024;

/**
 * What Firehose makes of a record of the stream: a KPL aggregate is unpacked into its records, which keep the
 * aggregate's sequence number, shard and arrival, but have data and partition keys of their own.
 */
export function sourceRecords(shardId: string, record: StreamRecord, readAt: number): SourceRecord[] {
  // Real ids of late 2025: shard id, sequence number zero-padded to 120 digits, twelve zeros. That the twelve are
  // for the subsequence number is our guess; the ids have to differ somewhere.
  const idOfAll = `${shardId}${record.sequenceNumber.padStart(120, '0')}`;
  return unpack(record.data).map(({ data, partitionKey }, subsequenceNumber, { length }) => ({
    ...record,
    data,
    partitionKey: partitionKey || record.partitionKey,
    shardId,
    subsequenceNumber,
    isLast: subsequenceNumber === length - 1,
    recordId: `${idOfAll}${String(subsequenceNumber).padStart(12, '0')}`,
    readAt,
  }));
}

/**
 * How many of the waiting records the next invocation takes: up to the buffer's size in raw bytes, and an event
 * below the payload limit. At least one, whatever its size.
 */
export function countForNextBatch(
  records: readonly SourceRecord[],
  bufferSizeMiB: number,
  source: EventSource,
) {
  let rawBytes = 0;
  let eventBytes = Buffer.byteLength(eventJson([], source, '0'.repeat(36)));
  for (const [index, record] of records.entries()) {
    rawBytes += record.data.byteLength;
    eventBytes += entryBytes(record) + 1;
    const tooMuch = rawBytes > bufferSizeMiB * MIB || eventBytes > MAX_PAYLOAD_BYTES;
    if (tooMuch) return Math.max(1, index);
  }
  return records.length;
}

/** The transformation event for a Kinesis source, members in the order in which real events have them. */
export function eventJson(
  records: readonly SourceRecord[],
  source: EventSource,
  invocationId: string,
): string {
  return JSON.stringify({
    invocationId,
    sourceKinesisStreamArn: source.sourceStreamArn,
    deliveryStreamArn: source.deliveryStreamArn,
    region: source.region,
    records: records.map((record) => entry(record, base64(record.data))),
  });
}

export function base64(data: Uint8Array): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}

function entry(record: SourceRecord, data: string) {
  const approximateArrivalTimestamp = Math.trunc(record.arrivedAt);
  return {
    recordId: record.recordId,
    approximateArrivalTimestamp,
    data,
    kinesisRecordMetadata: {
      sequenceNumber: record.sequenceNumber,
      subsequenceNumber: record.subsequenceNumber,
      partitionKey: record.partitionKey,
      shardId: record.shardId,
      approximateArrivalTimestamp,
    },
  };
}

function entryBytes(record: SourceRecord): number {
  return Buffer.byteLength(JSON.stringify(entry(record, ''))) + 4 * Math.ceil(record.data.byteLength / 3);
}
