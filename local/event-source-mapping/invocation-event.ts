import type { StreamRecord } from '../stream-reader';

/** Where a mapping's records come from, as each record of an event says it. */
export interface EventSource {
  readonly streamArn: string;
  readonly roleArn: string;
  readonly region: string;
}

/** A record with its JSON in an invocation event, written once however often the record is delivered. */
export interface EventRecord extends StreamRecord {
  readonly json: string;
}

/** The limit of a synchronous invocation, measured on the event's JSON, so base64 counts. */
export const maxEventBytes = 6 * 1024 * 1024;

const opening = '{"Records":[';
const closing = ']}';

/** @param shardId the shard that the record is of; it is half of the record's event id */
export function eventRecord(record: StreamRecord, shardId: string, source: EventSource): EventRecord {
  const json = JSON.stringify({
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: record.partitionKey,
      sequenceNumber: record.sequenceNumber,
      data: Buffer.from(record.data).toString('base64'),
      // Seconds with a fraction, unlike Firehose's whole milliseconds.
      approximateArrivalTimestamp: record.arrivedAt / 1000,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:${record.sequenceNumber}`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: source.roleArn,
    awsRegion: source.region,
    eventSourceARN: source.streamArn,
  });
  return { ...record, json };
}

export function eventJson(records: readonly EventRecord[]): string {
  return opening + records.map(({ json }) => json).join(',') + closing;
}

/** Bytes of the event that holds just this record, and of the comma that would set another one apart. */
export function recordBytes(record: EventRecord): number {
  return Buffer.byteLength(record.json) + 1;
}

/** How many of the records, from the first, one event can hold; at least one, even if that is too large by itself. */
export function fittingRecords(records: readonly EventRecord[]): number {
  let bytes = opening.length + closing.length;
  for (const [index, record] of records.entries()) {
    bytes += recordBytes(record);
    if (bytes > maxEventBytes + 1) return Math.max(index, 1);
  }
  return records.length;
}
