import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';

/** As long as what the product adds to a click on average. */
const addedText =
  ',"arrivedAt":"2026-01-01T12:00:00.000Z","shardId":"shardId-000000000003",' +
  '"sequenceNumber":"49590338271490256608559692538361571095921570000000000000","subSequenceNumber":0,' +
  '"deviceClass":"desktop","isBot":false,"referrer":"google.com"}\n';
const added = Buffer.from(addedText);

const memory = Buffer.allocUnsafeSlow(1024 * 1024);

/**
 * The floor of an answer as long as the product's: a record is decoded, gets the same bytes in the place of its last
 * one, and is encoded. Nothing is read.
 */
export async function handler(event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> {
  return {
    records: event.records.map(({ recordId, data }) => {
      const end = memory.write(data, 0, 'base64') - 1;
      memory.set(added, end);
      return { recordId, result: 'Ok', data: memory.toString('base64', 0, end + added.length) };
    }),
  };
}
