import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';

/**
 * The transformer as blueprints have it: a record is decoded, parsed, gets its place in the stream, and is printed and
 * encoded, with a line feed. What does not parse fails.
 */
export async function handler({
  records,
}: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> {
  return {
    records: records.map(({ recordId, data, kinesisRecordMetadata: place }) => {
      try {
        const event = JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
        event.arrivedAt = new Date(place!.approximateArrivalTimestamp).toISOString();
        event.shardId = place!.shardId;
        event.sequenceNumber = place!.sequenceNumber;
        const line = Buffer.from(`${JSON.stringify(event)}\n`).toString('base64');
        return { recordId, result: 'Ok', data: line };
      } catch {
        return { recordId, result: 'ProcessingFailed', data };
      }
    }),
  };
}
