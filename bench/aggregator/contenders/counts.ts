import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { ClickEvent } from '../../../domain/event/click-event';

/** Events by `dimension window start value`, for example `page minute 2026-01-01T12:00:00Z /pricing`. */
export type Counts = Map<string, number>;

export function addTo(counts: Counts, counter: string, count: number): void {
  counts.set(counter, (counts.get(counter) ?? 0) + count);
}

/** What one invocation counts. */
export interface Tally {
  /** @param arrivedAt epoch milliseconds */
  count(click: ClickEvent, arrivedAt: number): void;
  counts(): Counts;
}

/**
 * A function as samples have it: decode, parse, and count; a Set of ids against events that come twice.
 * It checks nothing but that its input parses, does not know what the table has counted, and prepares no writes.
 */
export function parsingCounter(beginTally: () => Tally): {
  handler(event: KinesisStreamEvent): Promise<KinesisStreamBatchResponse>;
  /** What it has counted since the last time. */
  takeCounts(): Counts;
} {
  let taken: Tally[] = [];
  return {
    handler: async ({ Records }) => {
      const tally = beginTally();
      const seen = new Set<string>();
      for (const { kinesis } of Records) {
        for (const line of Buffer.from(kinesis.data, 'base64').toString('utf8').split('\n')) {
          try {
            const click: ClickEvent = JSON.parse(line);
            if (seen.has(click.eventId)) continue;
            seen.add(click.eventId);
            tally.count(click, kinesis.approximateArrivalTimestamp * 1_000);
          } catch {
            console.warn('malformed event');
          }
        }
      }
      taken.push(tally);
      return { batchItemFailures: [] };
    },
    takeCounts: () => {
      const sum: Counts = new Map();
      for (const tally of taken) for (const [counter, count] of tally.counts()) addTo(sum, counter, count);
      taken = [];
      return sum;
    },
  };
}
