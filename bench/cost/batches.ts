import type { FirehoseTransformationEvent } from 'aws-lambda';
import { popularPages } from '../../cost/table/popular-pages';
import { createClickGenerator } from '../../domain/click-generator';
import { defaultSite } from '../../domain/default-site';
import { seededRandom } from '../../domain/random';
import { aggregatorEventText, sequenceNumberOf, shardId, streamArn } from '../aggregator-event';

/** Records as a function gets them. */
export interface BatchShape {
  readonly records: number;
  readonly eventsPerRecord: number;
  readonly eventBytes: number;
}

const at = Date.UTC(2026, 0, 31, 9, 30);

/** Clicks of a site with a thousand pages, filled up with a member that only the archive cares for. */
export function clicks(count: number, eventBytes?: number): string[] {
  const sessions = { ...defaultSite.sessions, atOnce: 2_000 };
  const site = { ...defaultSite, sessions, pages: popularPages(1_000) };
  const generator = createClickGenerator(seededRandom('what it takes'), site);
  return Array.from({ length: count }, () => {
    const click = JSON.stringify(generator.next(at));
    const room = (eventBytes ?? 0) - click.length - ',"extra":""'.length;
    return room < 0 ? click : `${click.slice(0, -1)},"extra":"${'x'.repeat(room)}"}`;
  });
}

function recordsOf({ records, eventsPerRecord, eventBytes }: BatchShape, skipped = 0): Buffer[] {
  const events = clicks(skipped + records * eventsPerRecord, eventBytes).slice(skipped);
  return Array.from({ length: records }, (_, index) =>
    Buffer.from(events.slice(index * eventsPerRecord, (index + 1) * eventsPerRecord).join('\n')),
  );
}

/** The aggregator's event, as JSON, with the clicks that follow so many others. */
export function kinesisEventText(shape: BatchShape, skipped = 0): string {
  return aggregatorEventText(
    recordsOf(shape, skipped).map((data, index) => ({ data, arrivedAt: at, index: skipped + index })),
  );
}

/** The transformer's event, as JSON. */
export function firehoseEventText(shape: BatchShape): string {
  const records = recordsOf(shape).map((data, index) => {
    const sequenceNumber = sequenceNumberOf(index);
    return {
      recordId: `${shardId}00000000${sequenceNumber}000000`,
      approximateArrivalTimestamp: at,
      data: data.toString('base64'),
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
