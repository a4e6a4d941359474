import { HashIndex } from './hash-index';
import type { Hash64 } from './hash64';
import type { Position } from './position';

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
  readonly hashesBySlice: ReadonlyMap<number, readonly Hash64[]>;
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
    if (!open.isEmpty && open.bytes + mostBytes(event) > maxBytes) {
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
function mostBytes({ position }: SeenEvent): number {
  return headerBytes + bytesOfHash + repeatBytes(position);
}

function repeatBytes(position: Position): number {
  return bytesOfHash + 2 * (headerBytes + position.length);
}

/** A chunk that is still being filled. */
class OpenChunk {
  /** At most what the chunk takes. */
  bytes = headerBytes;
  /** The first event of each hash, and the latest slice of any. */
  private readonly distinct: { readonly event: SeenEvent; slice: number }[] = [];
  private readonly repeats = new Map<
    string,
    { hash: Hash64; events: { position: Position; slice: number }[] }
  >();
  /** Where in `distinct` a hash is. */
  private readonly places = new HashIndex();
  private last: Position = '';

  get isEmpty(): boolean {
    return this.distinct.length === 0;
  }

  add(event: SeenEvent): void {
    const { hash, position, slice } = event;
    this.last = position;
    const place = this.places.latest(hash);
    if (place === undefined) {
      this.places.add(hash, this.distinct.length);
      // A slice takes a header once; where events alternate between two, the bound is above the truth.
      this.bytes += bytesOfHash + (this.distinct.at(-1)?.slice === slice ? 0 : headerBytes);
      this.distinct.push({ event, slice });
      return;
    }
    const known = this.distinct[place]!;
    const repeat = this.repeats.get(hashKey(hash));
    const events = repeat?.events ?? [{ position: known.event.position, slice: known.event.slice }];
    if (!repeat) this.repeats.set(hashKey(hash), { hash, events });
    const isLater = slice > known.slice;
    if (isLater) events.push({ position, slice });
    if (!repeat || isLater) this.bytes += repeatBytes(position);
    known.slice = Math.max(known.slice, slice);
  }

  close(): RecentChunk {
    const hashesBySlice = new Map<number, Hash64[]>();
    for (const { event, slice } of this.distinct) {
      const hashes = hashesBySlice.get(slice) ?? [];
      hashesBySlice.set(slice, hashes);
      hashes.push(event.hash);
    }
    const { event } = this.distinct[0]!;
    return { first: event.position, last: this.last, hashesBySlice, repeats: this.repeats };
  }
}
