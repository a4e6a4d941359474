import type { FirehoseTransformationEventRecord, FirehoseTransformationResultRecord } from 'aws-lambda';

/**
 * What samples do with a record: decode it, parse it, write fields into it, print it and encode it, with a line feed.
 * The fields are its place in the stream, nothing more; what does not parse fails.
 */
export function parseAndPrint(record: FirehoseTransformationEventRecord): FirehoseTransformationResultRecord {
  const { recordId } = record;
  try {
    const event = JSON.parse(Buffer.from(record.data, 'base64').toString('utf8'));
    const place = record.kinesisRecordMetadata!;
    event.arrivedAt = new Date(place.approximateArrivalTimestamp).toISOString();
    event.shardId = place.shardId;
    event.sequenceNumber = place.sequenceNumber;
    const data = Buffer.from(`${JSON.stringify(event)}\n`).toString('base64');
    return { recordId, result: 'Ok', data };
  } catch {
    return { recordId, result: 'ProcessingFailed', data: record.data };
  }
}
