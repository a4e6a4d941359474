import type { LedgerCounts } from '../producer/ledger/line';
import type { LedgerEntry } from '../producer/ledger/read-ledger';
import type { EventPlace } from './archive-contents';

export interface ExpectedEvent {
  readonly eventId: string | undefined;
  /** Its bytes need not say what it is called. */
  readonly isMalformed: boolean;
}

/** What has to be in the stream if a ledger is true, and what of that was not seen yet. */
export interface ExpectedEvents {
  readonly counts: LedgerCounts;
  /** Places that the ledger gives to two events. */
  readonly twice: readonly string[];
  /** The event of a place, once. */
  take(place: EventPlace): ExpectedEvent | undefined;
  /** Tells of an event at a place that the ledger does not have. Whether the ledger has the event as accepted. */
  isFurtherCopy(eventId: string | undefined): boolean;
  /** Events that were not accepted, and of which a copy was seen. */
  arrivedAfterAll(): { readonly failed: number; readonly ambiguous: number };
  /** Places that were not taken. */
  left(): Generator<{ readonly place: string; readonly eventId: string | undefined }, void, undefined>;
}

export async function readExpected(entries: AsyncIterable<LedgerEntry>): Promise<ExpectedEvents> {
  const shards = new Map<string, Map<string, ExpectedEvent>>();
  const accepted = new Set<string>();
  const unsure = { failed: new Set<string>(), ambiguous: new Set<string>() };
  const seen = { failed: new Set<string>(), ambiguous: new Set<string>() };
  const counts = { accepted: 0, failed: 0, ambiguous: 0 };
  const twice: string[] = [];

  for await (const entry of entries) {
    if (entry.kind !== 'accepted') {
      if (entry.kind !== 'failed' && entry.kind !== 'ambiguous') continue;
      counts[entry.kind]++;
      if (entry.eventId !== undefined) unsure[entry.kind].add(entry.eventId);
      continue;
    }
    const { eventId, shardId, injected } = entry;
    counts.accepted++;
    if (eventId !== undefined) accepted.add(eventId);
    const places = shards.get(shardId) ?? new Map<string, ExpectedEvent>();
    shards.set(shardId, places);
    const place = inShard(entry);
    if (places.has(place)) twice.push(`${shardId} ${place}`);
    places.set(place, { eventId, isMalformed: injected === 'malformed' });
  }

  return {
    counts,
    twice,
    take(place) {
      const places = shards.get(place.shardId);
      const event = places?.get(inShard(place));
      places?.delete(inShard(place));
      return event;
    },
    isFurtherCopy(eventId) {
      if (eventId === undefined) return false;
      if (accepted.has(eventId)) return true;
      for (const kind of ['failed', 'ambiguous'] as const)
        if (unsure[kind].has(eventId)) seen[kind].add(eventId);
      return false;
    },
    arrivedAfterAll: () => ({ failed: seen.failed.size, ambiguous: seen.ambiguous.size }),
    *left() {
      for (const [shardId, places] of shards) {
        for (const [place, { eventId }] of places) yield { place: `${shardId} ${place}`, eventId };
      }
    },
  };
}

function inShard({ sequenceNumber, subSequenceNumber }: EventPlace): string {
  return `${sequenceNumber} ${subSequenceNumber}`;
}
