import type { OutgoingEvent } from '../outgoing-event';
import type { Packer } from '../packing/packer';
import type { Receipt } from '../receipt';
import { Fifo } from './fifo';
import type { Limiter } from './limiter';

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
  /** The event behind it in the queue of its key. */
  next: Entry | undefined;
  keyQueue: KeyQueue | undefined;
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
 * The waiting events of one partition key, in order. While a record with some of them is under way the queue
 * is busy and the others wait, so whatever fails and comes back, none can overtake.
 */
export interface KeyQueue {
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

export function createKeyQueue(key: string, shard: ShardQueue): KeyQueue {
  return { key, shard, head: undefined, tail: undefined, bytes: 0, isBusy: false, failingSince: undefined };
}

export function append(keyQueue: KeyQueue, entry: Entry): void {
  if (keyQueue.tail) keyQueue.tail.next = entry;
  else keyQueue.head = entry;
  keyQueue.tail = entry;
  keyQueue.bytes += entry.bytes;
}

/** Removes the first event, which there must be. */
export function takeHead(keyQueue: KeyQueue): Entry {
  const entry = keyQueue.head!;
  keyQueue.head = entry.next;
  if (!keyQueue.head) keyQueue.tail = undefined;
  entry.next = undefined;
  keyQueue.bytes -= entry.bytes;
  return entry;
}

/** The reverse of `takeHead`. */
export function putBackHead(keyQueue: KeyQueue, entry: Entry): void {
  entry.next = keyQueue.head;
  keyQueue.head = entry;
  keyQueue.tail ??= entry;
  keyQueue.bytes += entry.bytes;
}

/** The queues of keys of one shard that have events to send, and when the shard takes more. */
export interface ShardQueue {
  /** Undefined for the one queue that stands for all shards while no map is known. */
  readonly id: string | undefined;
  /** Undefined: without a limit. */
  readonly limiter: Limiter | undefined;
  /** Queues of keys whose first event was sent before. They go first. */
  readonly retries: Fifo<KeyQueue>;
  readonly fresh: Fifo<KeyQueue>;
  /** Until then nothing goes: it has just refused. */
  blockedUntil: number;
  /** Answers in a row in which it took nothing. */
  failuresInARow: number;
  /** When it last took a record. */
  acceptedAt: number;
  /** It stands among the queues that have something to send. */
  isListed: boolean;
}

export function createShardQueue(id: string | undefined, limiter: Limiter | undefined): ShardQueue {
  return {
    id,
    limiter,
    retries: new Fifo(),
    fresh: new Fifo(),
    blockedUntil: Number.NEGATIVE_INFINITY,
    failuresInARow: 0,
    acceptedAt: Number.NEGATIVE_INFINITY,
    isListed: false,
  };
}

/** The instant from which a record may go to the shard: `now` or later. */
export function opensAt({ blockedUntil, limiter }: ShardQueue, now: number): number {
  return Math.max(blockedUntil, limiter?.readyAt(now) ?? now);
}

/** Those whose first event goes next; undefined if nothing waits. */
export function nextKeys({ retries, fresh }: ShardQueue): Fifo<KeyQueue> | undefined {
  if (retries.length > 0) return retries;
  return fresh.length > 0 ? fresh : undefined;
}

/**
 * Takes the next record: the first key's events, then the next keys', while they fit. Their queues become busy.
 * Without a map the events of one key alone go together, because the shards of the others are not known.
 */
export function takeRecord(
  queue: ShardQueue,
  packer: Packer,
  taken: (keyQueue: KeyQueue) => void,
): OutgoingRecord {
  let keyQueues = nextKeys(queue);
  const first = keyQueues!.peek()!.head!;
  const { data, partitionKey } = first.event;
  const open = packer.begin(first.event);
  if (!open) {
    const entries = [takeHead(takeKeyQueue(keyQueues!, taken))];
    return { data, partitionKey, entries, bytes: first.bytes, shardId: queue.id };
  }
  const entries: Entry[] = [];
  for (; keyQueues; keyQueues = nextKeys(queue)) {
    if (entries.length > 0 && !open.add(keyQueues.peek()!.head!.event)) break;
    const keyQueue = takeKeyQueue(keyQueues, taken);
    entries.push(takeHead(keyQueue));
    while (keyQueue.head && open.add(keyQueue.head.event)) entries.push(takeHead(keyQueue));
    if (keyQueue.head || queue.id === undefined) break;
  }
  if (entries.length === 1) return { data, partitionKey, entries, bytes: first.bytes, shardId: queue.id };
  const packed = open.seal();
  // The key's own hash lies in the shard, so the record needs no explicit hash key to get there.
  const bytes = first.bytes - data.length + packed.length;
  return { data: packed, partitionKey, entries, bytes, shardId: queue.id };
}

function takeKeyQueue(keyQueues: Fifo<KeyQueue>, taken: (keyQueue: KeyQueue) => void): KeyQueue {
  const keyQueue = keyQueues.shift()!;
  taken(keyQueue);
  keyQueue.isBusy = true;
  return keyQueue;
}
