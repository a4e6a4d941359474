import { HashIndex } from './hash-index';
import { HashList } from './hash-list';
import type { Hash64 } from './hash64';
import { maxPositionLength, type Position } from './position';

/** A valid event as the next ones must know it. */
export interface SeenEvent {
  readonly hash: Hash64;
  readonly position: Position;
  /** Of its arrival. */
  readonly slice: number;
}

/**
 * All valid events of a shard from one position to another: one item of the table. It is complete, so an event that
 * lies in it finds itself, once, and that makes it no duplicate; only `repeats` can.
 */
export interface RecentChunk {
  /** Positions of the first and the last event. */
  readonly first: Position;
  readonly last: Position;
  /** Every hash once, under the latest slice in which an event of the chunk has it. */
  readonly hashesBySlice: ReadonlyMap<number, HashList>;
  /** The hashes that more than one event of the chunk has, by `hashKey`. */
  readonly repeats: ReadonlyMap<string, Repeat>;
}

/**
 * The events of one hash, in their order, without those that are not in a later slice than all before: the first
 * that is recent enough for whatever follows is always among the rest.
 */
export interface Repeat {
  readonly hash: Hash64;
  readonly events: readonly { readonly position: Position; readonly slice: number }[];
}

/** Largest content of a chunk in bytes. A write is charged by the item's size, and DynamoDB refuses 400 KB. */
export const maxChunkBytes = 200_000;

export function hashKey({ high, low }: Hash64): string {
  return `${high}:${low}`;
}

/** Cuts events, in the order of the shard, into chunks that fit. */
export function chunksOf(events: readonly SeenEvent[], maxBytes = maxChunkBytes): RecentChunk[] {
  const chunks: RecentChunk[] = [];
  let open = new OpenChunk();
  for (const event of events) {
    // The position is asked for only where it decides, as making those of all events takes time.
    const mayOverflow = open.bytes + mostBytes(maxPositionLength) > maxBytes;
    if (mayOverflow && !open.isEmpty && open.bytes + mostBytes(event.position.length) > maxBytes) {
      chunks.push(open.close());
      open = new OpenChunk();
    }
    open.add(event);
  }
  return open.isEmpty ? chunks : [...chunks, open.close()];
}

const headerBytes = 8;
const bytesOfHash = 8;

/** What one more event may add: a slice of its own, its hash, and a repeat with two positions. */
function mostBytes(positionLength: number): number {
  return headerBytes + bytesOfHash + repeatBytes(positionLength);
}

function repeatBytes(positionLength: number): number {
  return bytesOfHash + 2 * (headerBytes + positionLength);
}

/** A chunk that is still being filled. */
class OpenChunk {
  /** At most what the chunk takes. */
  bytes = headerBytes;
  /** The first event of each hash, and the latest slice of any. */
  private readonly firsts: SeenEvent[] = [];
  private readonly slices: number[] = [];
  private readonly repeats = new Map<
    string,
    { hash: Hash64; events: { position: Position; slice: number }[] }
  >();
  /** Where in `firsts` a hash is. */
  private readonly places = new HashIndex();
  private last: SeenEvent | undefined;

  get isEmpty(): boolean {
    return this.firsts.length === 0;
  }

  add(event: SeenEvent): void {
    const { hash, slice } = event;
    this.last = event;
    const place = this.places.latest(hash);
    if (place === undefined) {
      this.places.add(hash, this.firsts.length);
      // A slice takes a header once; where events alternate between two, the bound is above the truth.
      this.bytes += bytesOfHash + (this.slices.at(-1) === slice ? 0 : headerBytes);
      this.firsts.push(event);
      this.slices.push(slice);
    } else {
      this.repeat(event, place);
    }
  }

  private repeat({ hash, position, slice }: SeenEvent, place: number): void {
    const latest = this.slices[place]!;
    const key = hashKey(hash);
    const repeat = this.repeats.get(key);
    const events = repeat?.events ?? [{ position: this.firsts[place]!.position, slice: latest }];
    if (!repeat) this.repeats.set(key, { hash, events });
    const isLater = slice > latest;
    if (isLater) events.push({ position, slice });
    if (!repeat || isLater) this.bytes += repeatBytes(position.length);
    this.slices[place] = Math.max(latest, slice);
  }

  close(): RecentChunk {
    const hashesBySlice = new Map<number, HashList>();
    for (const [place, slice] of this.slices.entries()) {
      const hashes = hashesBySlice.get(slice) ?? new HashList();
      hashesBySlice.set(slice, hashes);
      hashes.add(this.firsts[place]!.hash);
    }
    return {
      first: this.firsts[0]!.position,
      last: this.last!.position,
      hashesBySlice,
      repeats: this.repeats,
    };
  }
}
