import fc from 'fast-check';
import { duplicateFilter, sliceMs } from '../../domain/duplicates';
import type { PlacedEvent } from '../../domain/fold';
import { positionOf } from '../../domain/position';
import { RecentEvents } from '../../domain/recent-events';
import { decodeChunk, encodeChunk, recentSortKey } from '../../domain/recent-item';
import { duplicatesOf, horizonSeconds, repetitiveShard } from '../support/repeated-events';

describe('The rule for duplicates', () => {
  const at = (seconds: number, id = 'a', index = seconds): PlacedEvent => ({
    eventId: id,
    position: positionOf('7', index),
    arrivedAt: seconds * 1_000,
  });
  const decide = (events: readonly PlacedEvent[]) => events.map(duplicateFilter(300));

  it('remembers an id for the horizon at least, and for 6/5 of it at most', () => {
    expect(decide([at(0), at(300)])).toEqual([false, true]);
    expect(decide([at(59), at(359)])).toEqual([false, true]);
    expect(decide([at(0), at(359)])).toEqual([false, true]);
    expect(decide([at(0), at(360)])).toEqual([false, false]);
  });

  it('counts from the last event of the id, duplicate or not', () => {
    expect(decide([at(0), at(290), at(580), at(870)])).toEqual([false, true, true, true]);
  });

  it('takes an event that arrived before its predecessor for a duplicate too', () => {
    expect(decide([at(100, 'a', 0), at(80, 'a', 1)])).toEqual([false, true]);
  });

  it('tells ids apart, and knows no duplicates with a horizon of 0', () => {
    expect(decide([at(0, 'a'), at(1, 'b'), at(2, 'a'), at(3, '')])).toEqual([false, false, true, false]);
    expect([at(0), at(1)].map(duplicateFilter(0))).toEqual([false, false]);
  });

  it('is the same for one who reads a whole shard, whatever he has forgotten meanwhile', () => {
    fc.assert(
      fc.property(repetitiveShard, (shard) => {
        const events = shard.flatMap((record) => record.events);
        const found = events.filter(duplicateFilter(horizonSeconds)).map(({ position }) => position);
        expect(found).toEqual([...duplicatesOf(events)]);
      }),
      { numRuns: 300 },
    );
  });
});

/** What the mapping and its function do next. */
const step = fc.record({
  /** Records in the batch. */
  length: fc.integer({ min: 1, max: 8 }),
  /** The batch begins so many records before the first that is not done. */
  back: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 30 }) }),
  /** Which of the environments has it, and whether it has just started. */
  environment: fc.nat({ max: 2 }),
  isCold: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  /** How many of its chunks are written before it dies; then the batch is not done. */
  written: fc.oneof(
    { weight: 3, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
    { weight: 1, arbitrary: fc.nat({ max: 2 }) },
  ),
  /** How many of the records are done when the answer names the first that is not. */
  done: fc.oneof(
    { weight: 3, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
    { weight: 1, arbitrary: fc.nat({ max: 4 }) },
  ),
  chunkBytes: fc.constantFrom(1, 400, 200_000),
});

describe('Whatever the batches, redeliveries, deaths and cold starts', () => {
  it('every event is decided as the rule decides it over the whole shard, each time', () => {
    fc.assert(
      fc.property(repetitiveShard, fc.array(step, { minLength: 1, maxLength: 40 }), (shard, steps) => {
        const events = shard.flatMap((record) => record.events);
        const duplicates = duplicatesOf(events);
        const stored = new Map<string, Uint8Array>();
        const start = () => new RecentEvents(sliceMs(horizonSeconds));
        const environments = [start(), start(), start()];
        let done = 0;
        for (const { length, back, environment, isCold, written, done: doneRecords, chunkBytes } of steps) {
          const from = Math.max(done - back, 0);
          const batch = shard.slice(from, from + length);
          if (!batch[0]) break;
          const begin = positionOf(batch[0].sequenceNumber, 0);
          if (isCold || !environments[environment]!.canDecide(begin)) environments[environment] = start();
          const recent = environments[environment]!;
          for (const [sortKey, bytes] of stored) recent.learn(decodeChunk(sortKey, bytes));

          const filter = recent.begin(begin);
          for (const event of batch.flatMap((record) => record.events)) {
            expect([event.position, filter.isDuplicate(event)]).toEqual([
              event.position,
              duplicates.has(event.position),
            ]);
          }
          const chunks = filter.chunks(chunkBytes);
          for (const chunk of chunks.slice(0, written)) {
            stored.set(recentSortKey(chunk.last, chunk.first), encodeChunk(chunk));
          }
          if (chunks.length <= written) done = Math.max(done, from + Math.min(batch.length, doneRecords));
        }
      }),
      { numRuns: 500 },
    );
  });
});
