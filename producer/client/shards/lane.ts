import type { Entry } from '../entry';
import type { ShardQueue } from './shard-queue';

/**
 * The waiting events of one partition key, in order. While a record with some of them is under way the lane
 * is busy and the others wait, so whatever fails and comes back, none can overtake.
 */
export interface Lane {
  readonly key: string;
  shard: ShardQueue;
  head: Entry | undefined;
  tail: Entry | undefined;
  /** Of the waiting events. */
  bytes: number;
  isBusy: boolean;
  /** When the first of the attempts left that have failed in a row; undefined if the last one did not. */
  failingSince: number | undefined;
}

export function createLane(key: string, shard: ShardQueue): Lane {
  return { key, shard, head: undefined, tail: undefined, bytes: 0, isBusy: false, failingSince: undefined };
}

export function append(lane: Lane, entry: Entry): void {
  if (lane.tail) lane.tail.next = entry;
  else lane.head = entry;
  lane.tail = entry;
  lane.bytes += entry.bytes;
}

/** Removes the first event, which there must be. */
export function takeHead(lane: Lane): Entry {
  const entry = lane.head!;
  lane.head = entry.next;
  if (!lane.head) lane.tail = undefined;
  entry.next = undefined;
  lane.bytes -= entry.bytes;
  return entry;
}

/** The reverse of `takeHead`. */
export function putBackHead(lane: Lane, entry: Entry): void {
  entry.next = lane.head;
  lane.head = entry;
  lane.tail ??= entry;
  lane.bytes += entry.bytes;
}
