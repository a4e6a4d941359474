import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { ClickEvent } from '../../../domain/click-event';
import { addTo, type Counts, createTaken } from './counts';

const counted = createTaken();
export const takeCounts = counted.take;

/** As `parse-and-count`, of nothing but the views of each page in each minute. */
export async function handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse> {
  const counts: Counts = new Map();
  const seen = new Set<string>();
  for (const { kinesis } of event.Records) {
    for (const line of Buffer.from(kinesis.data, 'base64').toString('utf8').split('\n')) {
      try {
        const { eventId, page, timestamp }: ClickEvent = JSON.parse(line);
        if (seen.has(eventId)) continue;
        seen.add(eventId);
        addTo(counts, `page minute ${timestamp.slice(0, 16)}:00Z ${page}`, 1);
      } catch {
        console.warn('malformed event');
      }
    }
  }
  counted.add(counts);
  return { batchItemFailures: [] };
}
