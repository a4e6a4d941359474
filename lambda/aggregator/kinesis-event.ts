import type { KinesisStreamEvent } from 'aws-lambda';
import type { ShardRecord } from '../../domain/fold';

/** The records of one invocation; an event source mapping takes them all from one shard. */
export interface ShardBatch {
  /** `stream/shardId`. */
  readonly shard: string;
  readonly records: readonly ShardRecord[];
}

/** @throws Error for an event without records, or with records of several shards: no Kinesis mapping sends that */
export function readKinesisEvent(event: KinesisStreamEvent): ShardBatch {
  const shards = new Set(event.Records.map((record) => shardOf(record.eventSourceARN, record.eventID)));
  const [shard, ...others] = shards;
  if (shard === undefined || others.length > 0) {
    throw new Error(`Kinesis event with records of ${shards.size} shards: must be of exactly one`);
  }
  const records = event.Records.map(({ kinesis }) => ({
    sequenceNumber: kinesis.sequenceNumber,
    data: Buffer.from(kinesis.data, 'base64'),
    // Seconds with a fraction here, but whole milliseconds everywhere else; both paths must decide alike.
    arrivedAt: Math.round(kinesis.approximateArrivalTimestamp * 1000),
  }));
  return { shard, records };
}

/** From `arn:…:stream/NAME` (or the ARN of a consumer, `arn:…:stream/NAME/consumer/…`) and `shardId-…:sequence`. */
function shardOf(eventSourceArn: string, eventId: string): string {
  const stream = eventSourceArn.split(':stream/')[1]?.split('/')[0];
  const shardId = eventId.split(':')[0];
  if (!stream || !shardId)
    throw new Error(`Kinesis record of source "${eventSourceArn}", id "${eventId}": no stream, or no shard`);
  return `${stream}/${shardId}`;
}
