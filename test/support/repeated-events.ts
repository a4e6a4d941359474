import fc from 'fast-check';
import { eventIndex, linesPerSubsequence, positionOf } from '../../domain/event/position';
import type { ShardRecord } from '../../domain/event/shard-lines';
import { clickJson } from './click-factory';
import { kplAggregate } from './kpl-encoder';

/** An event as far as the rule for duplicates asks. */
export interface PlacedEvent {
  readonly eventId: string;
  readonly position: string;
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
}

/** A record of a shard with several events, as positions tell them apart. */
export interface PlacedRecord {
  readonly sequenceNumber: string;
  readonly arrivedAt: number;
  readonly events: readonly PlacedEvent[];
}

export const horizonSeconds = 100;
const slice = 20_000;

const firstSequenceNumber = 49_590_338_271_490_256_608_559_692_538_361_571_095_921_575_989_136_588_898n;

/**
 * The records of one shard whose ids come again and again: at once, about a horizon later, and long after it.
 * Arrivals mostly grow, stand still or leap, and run backwards by less than a slice.
 */
export const repetitiveShard: fc.Arbitrary<readonly PlacedRecord[]> = fc
  .array(
    fc.record({
      // Several events of one record, of one inner record of an aggregate, or of several of these.
      ids: fc.array(fc.tuple(fc.nat({ max: 14 }), fc.constantFrom(0, 0, 0, 1, 2)), {
        minLength: 0,
        maxLength: 5,
      }),
      pause: fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(0, 1, 3_000, 19_999, 20_000) },
        { weight: 1, arbitrary: fc.constantFrom(99_999, 100_000, 119_999, 120_000, 600_000) },
      ),
      jitter: fc.oneof(fc.constant(0), fc.nat({ max: slice - 1 })),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((records) => {
    let clock = Date.parse('2026-03-01T10:00:00.000Z');
    return records.map(({ ids, pause, jitter }, index) => {
      clock += pause;
      const arrivedAt = clock - jitter;
      const sequenceNumber = String(firstSequenceNumber + BigInt(index) * 9_999_999_999n);
      const lines = new Map<number, number>();
      const events = ids
        .toSorted(([, a], [, b]) => a - b)
        .map(([id, subsequence]) => {
          const line = lines.get(subsequence) ?? 0;
          lines.set(subsequence, line + 1);
          const position = positionOf(sequenceNumber, eventIndex(subsequence, line));
          return { eventId: `id-${id}`, position, arrivedAt };
        });
      return { sequenceNumber, arrivedAt, events };
    });
  });

/** The rule, word by word, with the ids themselves: the positions of the duplicates of a shard. */
export function duplicatesOf(events: readonly PlacedEvent[]): ReadonlySet<string> {
  const sliceOf = ({ arrivedAt }: PlacedEvent): number => Math.floor(arrivedAt / slice);
  const isDuplicate = (event: PlacedEvent, place: number): boolean =>
    events
      .slice(0, place)
      .some((earlier) => earlier.eventId === event.eventId && sliceOf(event) - sliceOf(earlier) <= 5);
  return new Set(events.filter(isDuplicate).map(({ position }) => position));
}

/** The record with its events where their positions say: packed, or in the inner records of an aggregate. */
export function recordOf({ sequenceNumber, arrivedAt, events }: PlacedRecord): ShardRecord {
  const inner: string[][] = [[]];
  for (const { eventId, position } of events) {
    const index = Number(position.split(':')[2]!.replace('~', ''));
    const subsequence = Math.floor(index / linesPerSubsequence);
    while (inner.length <= subsequence) inner.push([]);
    const page = `/${eventId.length}`;
    inner[subsequence]!.push(clickJson({ eventId, page, timestamp: new Date(arrivedAt).toISOString() }));
  }
  const records = inner.map((lines) => (lines.length > 0 ? lines.join('\n') : 'no event'));
  const data = records.length > 1 ? kplAggregate(records) : records[0]!;
  return { sequenceNumber, arrivedAt, data: Buffer.from(data) };
}
