import type { OutgoingEvent } from '../outgoing-event';
import type { Packer } from '../packing/packer';
import type { Receipt } from '../receipt';
import { Fifo } from './fifo';
import type { Throughput } from './throughput';

/** An event that the producer answers for, until it has its receipt. */
export interface Entry {
  readonly event: OutgoingEvent;
  readonly bytes: number;
  /** When it was handed over, in the clock's steady milliseconds. */
  readonly since: number;
  /** Told the outcome. It may throw, which is then its caller's. */
  settled(receipt: Receipt, event: OutgoingEvent): void;
  attempts: number;
  /** When its first attempt left, likewise; known once that has failed. */
  triedSince: number | undefined;
  mayHaveArrived: boolean;
  /** The one behind it in its lane. */
  next: Entry | undefined;
  lane: Lane | undefined;
}

/** Events that leave as one Kinesis record, and get their receipts together. */
export interface OutgoingRecord extends OutgoingEvent {
  /** In the record's order. */
  readonly entries: readonly Entry[];
  readonly bytes: number;
  /** The shard that it was made for; undefined without a map. */
  readonly shardId: string | undefined;
}

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

/** The lanes of one shard that have events to send, and when it takes more. */
export interface ShardQueue {
  /** Undefined for the one queue that stands for all shards while no map is known. */
  readonly id: string | undefined;
  /** Undefined: without a limit. */
  readonly throughput: Throughput | undefined;
  /** Lanes whose first event was sent before. They go first. */
  readonly again: Fifo<Lane>;
  readonly fresh: Fifo<Lane>;
  /** Until then nothing goes: it has just refused. */
  heldUntil: number;
  /** Answers in a row in which it took nothing. */
  fruitless: number;
  /** When it last took a record. */
  acceptedAt: number;
  /** It stands among the queues that have something to send. */
  isListed: boolean;
}

export function createShardQueue(id: string | undefined, throughput: Throughput | undefined): ShardQueue {
  return {
    id,
    throughput,
    again: new Fifo(),
    fresh: new Fifo(),
    heldUntil: Number.NEGATIVE_INFINITY,
    fruitless: 0,
    acceptedAt: Number.NEGATIVE_INFINITY,
    isListed: false,
  };
}

/** The instant from which a record may go to the shard: `now` or later. */
export function opensAt({ heldUntil, throughput }: ShardQueue, now: number): number {
  return Math.max(heldUntil, throughput?.readyAt(now) ?? now);
}

/** Those whose first event goes next; undefined if nothing waits. */
export function nextLanes({ again, fresh }: ShardQueue): Fifo<Lane> | undefined {
  if (again.length > 0) return again;
  return fresh.length > 0 ? fresh : undefined;
}

/**
 * Takes the next record: the first lane's events, then the next lanes', while they fit. The lanes become busy.
 * Without a map only one lane's events go together, for nobody knows which shard the others belong to.
 */
export function takeRecord(queue: ShardQueue, packer: Packer, taken: (lane: Lane) => void): OutgoingRecord {
  let lanes = nextLanes(queue);
  const first = lanes!.peek()!.head!;
  const { data, partitionKey } = first.event;
  const open = packer.begin(first.event);
  if (!open) {
    const entries = [takeHead(takeLane(lanes!, taken))];
    return { data, partitionKey, entries, bytes: first.bytes, shardId: queue.id };
  }
  const entries: Entry[] = [];
  for (; lanes; lanes = nextLanes(queue)) {
    if (entries.length > 0 && !open.add(lanes.peek()!.head!.event)) break;
    const lane = takeLane(lanes, taken);
    entries.push(takeHead(lane));
    while (lane.head && open.add(lane.head.event)) entries.push(takeHead(lane));
    if (lane.head || queue.id === undefined) break;
  }
  if (entries.length === 1) return { data, partitionKey, entries, bytes: first.bytes, shardId: queue.id };
  const packed = open.seal();
  // The key's own hash lies in the shard, so the record needs no explicit hash key to get there.
  const bytes = first.bytes - data.length + packed.length;
  return { data: packed, partitionKey, entries, bytes, shardId: queue.id };
}

function takeLane(lanes: Fifo<Lane>, taken: (lane: Lane) => void): Lane {
  const lane = lanes.shift()!;
  taken(lane);
  lane.isBusy = true;
  return lane;
}
