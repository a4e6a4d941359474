import type { FirehoseTransformationEvent } from 'aws-lambda';
import { seededRandom } from '../../domain/numbers/random';
import { aggregatorEventText, shardId, streamArn } from '../aggregator-event';
import { busyClicks } from '../busy-clicks';
import { popularPages } from '../popular-pages';
import { sequenceNumberOf } from '../sequence-numbers';

const at = Date.UTC(2026, 0, 31, 9, 30);

/** Takes that many clicks, each filled up with so many bytes that only the archive cares for. */
export type ClickSource = (count: number, filler?: number) => string[];

/** Clicks of a busy site with a thousand pages: what is taken once does not come again. */
export function clickSource(): ClickSource {
  const clicks = busyClicks(seededRandom('what it takes'), () => at, popularPages(1_000));
  return (count, filler = 0) =>
    Array.from({ length: count }, () => {
      const { text } = clicks.next().value;
      return filler === 0 ? text : `${text.slice(0, -1)},"extra":"${'x'.repeat(filler - 11)}"}`;
    });
}

function recordsOf(events: readonly string[], eventsPerRecord: number): Buffer[] {
  return Array.from({ length: Math.ceil(events.length / eventsPerRecord) }, (_, index) =>
    Buffer.from(events.slice(index * eventsPerRecord, (index + 1) * eventsPerRecord).join('\n')),
  );
}

/**
 * The aggregator's event, as JSON.
 *
 * @param firstIndex number of its first record in the shard
 */
export function kinesisEventText(events: readonly string[], eventsPerRecord = 1, firstIndex = 0): string {
  return aggregatorEventText(
    recordsOf(events, eventsPerRecord).map((data, index) => ({
      data,
      arrivedAt: at,
      index: firstIndex + index,
    })),
  );
}

/** The transformer's event, as JSON. */
export function firehoseEventText(events: readonly string[], eventsPerRecord = 1): string {
  const records = recordsOf(events, eventsPerRecord).map((data, index) => {
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
