import type { FirehoseTransformationEvent } from 'aws-lambda';
import { createClickGenerator } from '../../domain/click-generator';
import { defaultSite } from '../../domain/default-site';
import { seededRandom } from '../../domain/random';

/** Records as a function gets them. */
export interface BatchShape {
  readonly records: number;
  readonly eventsPerRecord: number;
  readonly eventBytes: number;
}

const at = Date.UTC(2026, 0, 31, 9, 30);
const streamArn = 'arn:aws:kinesis:us-east-1:123456789012:stream/clicks';
const shardId = 'shardId-000000000000';
const firstSequenceNumber = 49590338271490256608559692538361571095921575989136588898n;

/** Clicks of a site with a thousand pages, filled up with a member that only the archive cares for. */
export function clicks(count: number, eventBytes?: number): string[] {
  const [product] = defaultSite.pages.filter(({ path }) => path.startsWith('/product/'));
  const site = {
    ...defaultSite,
    sessions: { ...defaultSite.sessions, atOnce: 2_000 },
    pages: [{ ...product!, path: '/product/{n}', weight: 1, count: 1_000 }],
  };
  const generator = createClickGenerator(seededRandom('what it takes'), site);
  return Array.from({ length: count }, () => {
    const click = JSON.stringify(generator.next(at));
    const room = (eventBytes ?? 0) - click.length - ',"extra":""'.length;
    return room < 0 ? click : `${click.slice(0, -1)},"extra":"${'x'.repeat(room)}"}`;
  });
}

function recordsOf({ records, eventsPerRecord, eventBytes }: BatchShape, skipped = 0): string[] {
  const events = clicks(skipped + records * eventsPerRecord, eventBytes).slice(skipped);
  return Array.from({ length: records }, (_, index) =>
    Buffer.from(events.slice(index * eventsPerRecord, (index + 1) * eventsPerRecord).join('\n')).toString(
      'base64',
    ),
  );
}

/** The aggregator's event, as JSON, with the clicks that follow so many others. */
export function kinesisEventText(shape: BatchShape, skipped = 0): string {
  const Records = recordsOf(shape, skipped).map((data, index) => {
    const sequenceNumber = String(firstSequenceNumber + BigInt(skipped + index));
    return {
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: '6fb0a1c2d3e4f506',
        sequenceNumber,
        data,
        approximateArrivalTimestamp: at / 1_000,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${shardId}:${sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: 'arn:aws:iam::123456789012:role/clickstream-prod-aggregation-AggregatorRole',
      awsRegion: 'us-east-1',
      eventSourceARN: streamArn,
    };
  });
  return JSON.stringify({ Records });
}

/** The transformer's event, as JSON. */
export function firehoseEventText(shape: BatchShape): string {
  const records = recordsOf(shape).map((data, index) => {
    const sequenceNumber = String(firstSequenceNumber + BigInt(index));
    return {
      recordId: `${shardId}00000000${sequenceNumber}000000`,
      approximateArrivalTimestamp: at,
      data,
      kinesisRecordMetadata: {
        sequenceNumber,
        subsequenceNumber: 0,
        partitionKey: '6fb0a1c2d3e4f506',
        shardId,
        approximateArrivalTimestamp: at,
      },
    };
  });
  const event = {
    invocationId: '2b4d1ad9-0000-4000-8000-000000000000',
    sourceKinesisStreamArn: streamArn,
    deliveryStreamArn: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/clicks',
    region: 'us-east-1',
    records,
  };
  // The types of the event say that a subsequence number is a string; recorded events have a number.
  return JSON.stringify(event as unknown as FirehoseTransformationEvent);
}
