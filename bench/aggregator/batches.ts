import { seededRandom } from '../../domain/numbers/random';
import { aggregatorEventText, type StreamRecord } from '../aggregator-event';
import { busyClicks } from '../busy-clicks';
import { popularPages } from '../popular-pages';

export interface BatchShape {
  /** Its id; a shard for each shape, since a function remembers what it has counted of a shard. */
  readonly shard: string;
  readonly events: number;
  /** 1, or how many stand in a record as newline-separated JSON. */
  readonly eventsPerRecord: number;
}

/** A batch as an invocation's event, JSON in UTF-8. */
export type Batch = Buffer;

const startsAt = Date.UTC(2026, 0, 1, 12);
/** Between a click and its arrival, at the most. */
const delayMs = 10_000;

/** Batches of one shard that follow each other, five seconds each, of clicks on 1,000 pages visited as 1/rank. */
export function* batches(shape: BatchShape): Generator<Batch, never> {
  const { shard, events, eventsPerRecord } = shape;
  const random = seededRandom('aggregator');
  let now = startsAt;
  let index = 0;
  const clicks = busyClicks(random, () => now - random.below(delayMs), popularPages(1_000));
  for (;;) {
    const records: StreamRecord[] = [];
    const step = (5_000 * eventsPerRecord) / events;
    for (let left = events; left > 0; left -= eventsPerRecord) {
      const lines = Array.from({ length: Math.min(left, eventsPerRecord) }, () => clicks.next().value.text);
      now += step;
      records.push({ data: Buffer.from(lines.join('\n')), arrivedAt: Math.floor(now), index: index++ });
    }
    yield Buffer.from(aggregatorEventText(records, shard));
  }
}
