import type { BatchLimits } from '../batch';
import type { Packer } from '../packing/packer';
import { Fifo } from './fifo';
import type { Limiter } from './limiter';
import type { ShardMap } from './shard-map';
import {
  append,
  createKeyQueue,
  createShardQueue,
  type Entry,
  type KeyQueue,
  nextKeys,
  type OutgoingRecord,
  opensAt,
  putBackHead,
  type ShardQueue,
  takeHead,
  takeRecord,
} from './shard-queue';

export interface Taken {
  readonly records: readonly OutgoingRecord[];
  /** When a shard that has events, but takes none now, will; undefined if there is no such shard. */
  readonly nextAt: number | undefined;
}

/** The events that wait to be sent: a queue for each partition key, and these in the queue of their shard. */
export interface EventQueue {
  add(entry: Entry): void;
  /** What could leave now, if the shards' limits allow it. */
  readyBytes(): number;
  /** Partition keys with such events. */
  readyKeys(): number;
  /** Takes records for one request, from the shards in turn. No two of them share a partition key. */
  take(limits: BatchLimits, now: number): Taken;
  /** The record has its outcome: its keys' next events may leave. Since when they wait; undefined if there are none. */
  release(record: OutgoingRecord): number | undefined;
  /** `left` of the record's events are to be sent again, before all others of their keys. */
  putBack(record: OutgoingRecord, left: readonly Entry[]): void;
  /** Assigns everything that waits to the shards of this map. */
  remap(map: ShardMap): void;
  /** The shard of a partition key by the map of the moment. */
  shardOf(partitionKey: string): ShardQueue;
  /** Removes and returns all that waits. */
  drain(): Entry[];
}

/** Empty queues of keys that are kept: when a visitor comes again, its key need not be hashed again. */
const keptKeyQueues = 10_000;

export function createEventQueue(packer: Packer, newLimiter: () => Limiter | undefined): EventQueue {
  const unmapped = createShardQueue(undefined, undefined);
  const keyQueues = new Map<string, KeyQueue>();
  let queues = new Map<string, ShardQueue>();
  let map: ShardMap | undefined;
  let turn = new Fifo<ShardQueue>();
  let readyBytes = 0;
  let readyKeys = 0;

  const isPacking = packer.packing !== 'none';
  const couldLeave = (keyQueue: KeyQueue) => (isPacking ? keyQueue.bytes : keyQueue.head!.bytes);

  const queueOf = (key: string) => (map ? queues.get(map.shardOf(key).id)! : unmapped);

  const enqueue = (keyQueue: KeyQueue) => {
    const queue = keyQueue.shard;
    (keyQueue.head!.attempts > 0 ? queue.retries : queue.fresh).push(keyQueue);
    readyBytes += couldLeave(keyQueue);
    readyKeys++;
    if (queue.isListed) return;
    queue.isListed = true;
    turn.push(queue);
  };

  const dequeued = (keyQueue: KeyQueue) => {
    readyBytes -= couldLeave(keyQueue);
    readyKeys--;
  };

  const release = ({ entries }: OutgoingRecord) => {
    let since: number | undefined;
    for (const { keyQueue } of entries) {
      if (!keyQueue?.isBusy) continue;
      keyQueue.isBusy = false;
      if (!keyQueue.head) {
        if (keyQueues.size > keptKeyQueues) keyQueues.delete(keyQueue.key);
        continue;
      }
      enqueue(keyQueue);
      since = Math.min(keyQueue.head.since, since ?? keyQueue.head.since);
    }
    return since;
  };

  return {
    add(entry) {
      const key = entry.event.partitionKey;
      let keyQueue = keyQueues.get(key);
      if (!keyQueue) {
        keyQueue = createKeyQueue(key, queueOf(key));
        keyQueues.set(key, keyQueue);
      }
      entry.keyQueue = keyQueue;
      const wasEmpty = keyQueue.head === undefined;
      append(keyQueue, entry);
      if (keyQueue.isBusy) return;
      if (wasEmpty) enqueue(keyQueue);
      else if (isPacking) readyBytes += entry.bytes;
    },
    readyBytes: () => readyBytes,
    readyKeys: () => readyKeys,
    take(limits, now) {
      const records: OutgoingRecord[] = [];
      let bytes = 0;
      let nextAt: number | undefined;
      let passedOver = 0;
      // Ends when every queue that is left was passed over in a row.
      while (turn.length > passedOver && records.length < limits.maxRecords) {
        const queue = turn.shift()!;
        const next = nextKeys(queue);
        if (!next) {
          queue.isListed = false;
          continue;
        }
        const opens = opensAt(queue, now);
        if (opens > now) nextAt = Math.min(opens, nextAt ?? opens);
        const fits = bytes + packer.largest(next.peek()!.head!.bytes) <= limits.maxBytes;
        turn.push(queue);
        if (opens > now || !fits) {
          passedOver++;
          continue;
        }
        passedOver = 0;
        const record = takeRecord(queue, packer, dequeued);
        queue.limiter?.spend(record.bytes, now);
        bytes += record.bytes;
        records.push(record);
      }
      return { records, nextAt };
    },
    release,
    putBack(record, left) {
      for (const entry of left.toReversed()) putBackHead(entry.keyQueue!, entry);
      release(record);
    },
    remap(next) {
      const before = queues;
      map = next;
      queues = new Map(
        next.shards.map(({ id }) => [id, before.get(id) ?? createShardQueue(id, newLimiter())]),
      );
      turn = new Fifo();
      readyBytes = 0;
      readyKeys = 0;
      for (const queue of [unmapped, ...queues.values()]) {
        queue.isListed = false;
        queue.retries.clear();
        queue.fresh.clear();
      }
      for (const keyQueue of keyQueues.values()) {
        keyQueue.shard = queueOf(keyQueue.key);
        if (keyQueue.head && !keyQueue.isBusy) enqueue(keyQueue);
      }
    },
    shardOf: queueOf,
    drain() {
      const waiting: Entry[] = [];
      for (const keyQueue of keyQueues.values()) {
        while (keyQueue.head) waiting.push(takeHead(keyQueue));
      }
      keyQueues.clear();
      turn = new Fifo();
      readyBytes = 0;
      readyKeys = 0;
      return waiting;
    },
  };
}
