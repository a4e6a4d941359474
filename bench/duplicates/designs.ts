import { hash64 } from '../../domain/bytes/hash64';
import { sliceMs } from '../../domain/duplicates/duplicate-filter';
import type { PlacedEvent } from '../../domain/fold';
import type { RecentChunk } from '../../domain/recent-chunk';
import { RecentEvents } from '../../domain/recent-events';
import { type BloomFilter, createBloomFilter } from './bloom-filter';

/** A way to tell duplicates, over a table that keeps what is written. */
export interface Design {
  /** @param start the position before all of the batch */
  begin(start: string, isCold: boolean): DesignBatch;
}

export interface DesignBatch {
  /** May write, as markers do. */
  isDuplicate(event: PlacedEvent): boolean;
  /** What is written when all are decided. */
  remember(): void;
}

export const horizonSeconds = 300;

/** The one that the aggregator has. */
export const productDesign = 'recent-event chunks';

export const designs: Readonly<Record<string, () => Design>> = {
  'no removal': () => ({ begin: () => ({ isDuplicate: () => false, remember: () => {} }) }),
  [productDesign]: chunks,
  'marker an event: is there one?': () => markers(false),
  'marker an event, with its position': () => markers(true),
  'Bloom filter a batch': bloomFilters,
};

/** What the aggregator does. */
function chunks(): Design {
  const stored: RecentChunk[] = [];
  const started = () => new RecentEvents(sliceMs(horizonSeconds));
  let recent = started();
  return {
    begin: (start, isCold) => {
      if (isCold || !recent.canDecide(start)) recent = started();
      for (const chunk of stored) recent.learn(chunk);
      const filter = recent.begin(start);
      return {
        isDuplicate: filter.isDuplicate,
        remember: () => stored.push(...filter.chunks()),
      };
    },
  };
}

/** A conditional put for each event, which fails if the id has a marker; or one of another position. */
function markers(knowsPosition: boolean): Design {
  const stored = new Map<string, string>();
  return {
    begin: () => ({
      isDuplicate: ({ eventId, position }) => {
        const held = stored.get(eventId);
        if (held === undefined) stored.set(eventId, position);
        return held !== undefined && !(knowsPosition && held === position);
      },
      remember: () => {},
    }),
  };
}

/** A filter cannot tell an event of its batch from a copy of it, so it is asked about later events only. */
function bloomFilters(): Design {
  const stored: { readonly last: PlacedEvent; readonly filter: BloomFilter }[] = [];
  return {
    begin: () => {
      const seen = new Set<string>();
      let last: PlacedEvent | undefined;
      return {
        isDuplicate: (event) => {
          const hash = hash64(event.eventId);
          const isKnown =
            seen.has(event.eventId) ||
            stored.some(
              (each) =>
                each.last.position < event.position &&
                event.arrivedAt - each.last.arrivedAt <= horizonSeconds * 1_000 &&
                each.filter.has(hash),
            );
          seen.add(event.eventId);
          last = event;
          return isKnown;
        },
        remember: () => {
          const filter = createBloomFilter(seen.size);
          for (const id of seen) filter.add(hash64(id));
          if (last) stored.push({ last, filter });
        },
      };
    },
  };
}
