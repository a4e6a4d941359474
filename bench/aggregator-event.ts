import { sequenceNumberOf } from './sequence-numbers';

/** A record as the stream took it. */
export interface StreamRecord {
  readonly data: Uint8Array;
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
  /** Number of the record in its shard. */
  readonly index: number;
}

export const streamArn = 'arn:aws:kinesis:us-east-1:123456789012:stream/clicks';
export const shardId = 'shardId-000000000000';

/** An invocation's event as an event source mapping sends it to the aggregator, as JSON. */
export function aggregatorEventText(records: readonly StreamRecord[], shard = shardId): string {
  const Records = records.map(({ data, arrivedAt, index }) => {
    const sequenceNumber = sequenceNumberOf(index);
    return {
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: '6fb0a1c2d3e4f506',
        sequenceNumber,
        data: Buffer.from(data).toString('base64'),
        approximateArrivalTimestamp: arrivedAt / 1_000,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${shard}:${sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: 'arn:aws:iam::123456789012:role/clickstream-prod-aggregation-AggregatorRole',
      awsRegion: 'us-east-1',
      eventSourceARN: streamArn,
    };
  });
  return JSON.stringify({ Records });
}
