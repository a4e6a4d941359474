import { hashOf, slicesBackwards, slicesPerHorizon } from './duplicates';
import type { DuplicateFilter, PlacedEvent } from './fold';
import { HashIndex } from './hash-index';
import type { Hash64 } from './hash64';
import type { Position } from './position';
import { chunksOf, hashKey, type RecentChunk, type SeenEvent } from './recent-chunk';

/** Decides on one batch, and collects its events on the way. */
export interface BatchFilter {
  readonly isDuplicate: DuplicateFilter;
  /** The events that it was asked about, in chunks of so many bytes at the most. */
  chunks(maxBytes?: number): readonly RecentChunk[];
}

/**
 * The recent events of one shard, as far as an environment of the function knows them. It is told of chunks in any
 * order and any number of times, and decides on batches by those events alone that stand before them: a batch that
 * comes again is decided again as it was.
 */
export class RecentEvents {
  /** The events before `settledTo`, of chunks that end before it. */
  private readonly settled = new HashIndex();
  private settledTo: Position = '';
  private latestSlice = Number.NEGATIVE_INFINITY;
  /** The chunks that end at `settledTo` or behind it, by first and last position. */
  private readonly later = new Map<string, RecentChunk>();

  constructor(private readonly sliceMs: number) {}

  /** Bytes of memory, about. */
  get bytes(): number {
    let { bytes } = this.settled;
    for (const { hashesBySlice } of this.later.values()) {
      for (const hashes of hashesBySlice.values()) bytes += hashes.bytes;
    }
    return bytes;
  }

  /** Whether it can still tell what stands before a batch that begins at `start`: what is settled cannot be undone. */
  canDecide(start: Position): boolean {
    return this.settledTo <= start;
  }

  /** The first slice of which a batch must know the events, if its own are in `slice` and later ones. */
  static oldestFor(slice: number): number {
    return slice - slicesPerHorizon - slicesBackwards;
  }

  /** The chunks that end at a position or behind it, by where they end. */
  chunksFrom(start: Position): readonly RecentChunk[] {
    return [...this.later.values()]
      .filter(({ last }) => last >= start)
      .sort((a, b) => (a.last < b.last ? -1 : 1));
  }

  learn(chunk: RecentChunk): void {
    if (chunk.last < this.settledTo) this.settle(chunk);
    else this.later.set(`${chunk.first}#${chunk.last}`, chunk);
  }

  /**
   * @param start what no event before the batch reaches, and no event of the batch falls below
   */
  begin(start: Position): BatchFilter {
    if (!this.canDecide(start)) throw new Error(`batch at ${start}: events are settled to ${this.settledTo}`);
    for (const [id, chunk] of this.later) {
      if (chunk.last >= start) continue;
      this.settle(chunk);
      this.later.delete(id);
    }
    this.settledTo = start;
    const straddling = [...this.later.values()].filter(({ first }) => first < start);
    return batchFilter(this.settled, straddling, this.sliceMs);
  }

  private settle({ hashesBySlice }: RecentChunk): void {
    for (const slice of hashesBySlice.keys()) this.latestSlice = Math.max(this.latestSlice, slice);
    const oldest = RecentEvents.oldestFor(this.latestSlice);
    this.settled.forgetBefore(oldest);
    for (const [slice, hashes] of hashesBySlice) {
      if (slice < oldest) continue;
      for (const hash of hashes) this.settled.add(hash, slice);
    }
  }
}

/**
 * @param settled events before the batch
 * @param straddling chunks that begin before the batch and end in it or behind it
 */
function batchFilter(settled: HashIndex, straddling: readonly RecentChunk[], sliceMs: number): BatchFilter {
  /** Events of the batch so far, and of straddling chunks that it has passed. */
  const passed = new HashIndex();
  const events: SeenEvent[] = [];
  let ahead = straddling;

  const pass = (position: Position): void => {
    for (const { last, hashesBySlice } of ahead) {
      if (last >= position) continue;
      for (const [slice, hashes] of hashesBySlice) for (const hash of hashes) passed.add(hash, slice);
    }
    ahead = ahead.filter(({ last }) => last >= position);
  };
  /** A chunk that the event lies in has the event itself; only what it has twice can be another. */
  const isRepeated = (hash: Hash64, position: Position, oldest: number): boolean =>
    ahead.some(({ repeats }) =>
      repeats
        .get(hashKey(hash))
        ?.events.some((earlier) => earlier.position < position && earlier.slice >= oldest),
    );

  return {
    isDuplicate: (event) => {
      const hash = hashOf(event);
      if (ahead.length > 0) pass(event.position);
      const slice = Math.floor(event.arrivedAt / sliceMs);
      const oldest = slice - slicesPerHorizon;
      const isKnown = (index: HashIndex): boolean =>
        (index.latest(hash) ?? Number.NEGATIVE_INFINITY) >= oldest;
      const isDuplicate =
        isKnown(settled) || isKnown(passed) || (ahead.length > 0 && isRepeated(hash, event.position, oldest));
      passed.add(hash, slice);
      events.push(new PassedEvent(event, hash, slice));
      return isDuplicate;
    },
    chunks: (maxBytes) => chunksOf(events, maxBytes),
  };
}

/** An event that was decided on. Like its place's, its position is made only when it is asked for. */
class PassedEvent implements SeenEvent {
  constructor(
    private readonly event: PlacedEvent,
    readonly hash: Hash64,
    readonly slice: number,
  ) {}

  get position(): Position {
    return this.event.position;
  }
}
