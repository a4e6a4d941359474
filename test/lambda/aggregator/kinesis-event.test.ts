import type { KinesisStreamEvent } from 'aws-lambda';
import { readKinesisEvent } from '../../../lambda/aggregator/kinesis-event';

function kinesisRecord(overrides: { shardId?: string; sourceArn?: string; arrival?: number } = {}) {
  const {
    shardId = 'shardId-000000000006',
    sourceArn = 'arn:aws:kinesis:us-east-2:123456789012:stream/clicks',
    arrival = 1545084650.987,
  } = overrides;
  return {
    kinesis: {
      kinesisSchemaVersion: '1.0',
      partitionKey: 'visitor-1',
      sequenceNumber: '495903',
      data: Buffer.from('Café').toString('base64'),
      approximateArrivalTimestamp: arrival,
    },
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: `${shardId}:495903`,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: 'arn:aws:iam::123456789012:role/counter-role',
    awsRegion: 'us-east-2',
    eventSourceARN: sourceArn,
  };
}

function event(...records: ReturnType<typeof kinesisRecord>[]): KinesisStreamEvent {
  return { Records: records };
}

describe('A Kinesis event', () => {
  it('gives the shard’s name, the bytes, and the arrival in whole milliseconds', () => {
    expect(readKinesisEvent(event(kinesisRecord()))).toEqual({
      shard: 'clicks/shardId-000000000006',
      records: [{ sequenceNumber: '495903', data: Buffer.from('Café'), arrivedAt: 1545084650987 }],
    });
  });

  it('is decoded into the memory that is given for it, each record behind the other', () => {
    const memory = Buffer.alloc(100, '#');
    const { records } = readKinesisEvent(event(kinesisRecord(), kinesisRecord()), (bytes) => {
      expect(bytes).toBeGreaterThanOrEqual(2 * Buffer.byteLength('Café'));
      return memory;
    });
    expect(records.map(({ data }) => String(data))).toEqual(['Café', 'Café']);
    expect(memory.toString('utf8', 0, 12)).toBe('CaféCafé##');
  });

  it('names the stream also where the source is a consumer of it', () => {
    const sourceArn = 'arn:aws:kinesis:us-east-2:123456789012:stream/clicks/consumer/counter:1545084650';
    expect(readKinesisEvent(event(kinesisRecord({ sourceArn }))).shard).toBe('clicks/shardId-000000000006');
  });

  it.each([0.001, 0.1, 0.57, 0.999])('rounds an arrival that a double cannot hold: .%d', (fraction) => {
    const { records } = readKinesisEvent(event(kinesisRecord({ arrival: 1545084650 + fraction })));
    expect(records[0]!.arrivedAt).toBe(1545084650000 + Math.round(fraction * 1000));
  });

  it('of several shards, or of none, is refused', () => {
    expect(() =>
      readKinesisEvent(event(kinesisRecord(), kinesisRecord({ shardId: 'shardId-000000000007' }))),
    ).toThrow('records of 2 shards');
    expect(() => readKinesisEvent(event())).toThrow('records of 0 shards');
  });

  it('of another source than a stream is refused', () => {
    expect(() =>
      readKinesisEvent(event(kinesisRecord({ sourceArn: 'arn:aws:sqs:us-east-2:1:queue' }))),
    ).toThrow('arn:aws:sqs');
  });
});
