import type { BatchLimits } from '../batch';
import type { Packer } from '../packing/packer';
import { Fifo } from './fifo';
import type { ShardMap } from './shard-map';
import {
  append,
  createLane,
  createShardQueue,
  type Entry,
  type Lane,
  nextLanes,
  type OutgoingRecord,
  opensAt,
  putBackHead,
  type ShardQueue,
  takeHead,
  takeRecord,
} from './shard-queue';
import type { Throughput } from './throughput';

export interface Taken {
  readonly records: readonly OutgoingRecord[];
  /** When a shard that has events, but takes none now, will; undefined if there is no such shard. */
  readonly nextAt: number | undefined;
}

/** What waits to be sent: a lane for each partition key, the lanes in the queue of their shard. */
export interface EventQueue {
  add(entry: Entry): void;
  /** What could leave now, if the shards' limits allow it. */
  readyBytes(): number;
  /** Partition keys with such events. */
  readyLanes(): number;
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

/** A visitor comes again: a lane that is kept, empty, saves the hash of its key. */
const keptLanes = 10_000;

export function createEventQueue(packer: Packer, newThroughput: () => Throughput | undefined): EventQueue {
  const unmapped = createShardQueue(undefined, undefined);
  const lanes = new Map<string, Lane>();
  let queues = new Map<string, ShardQueue>();
  let map: ShardMap | undefined;
  let turn = new Fifo<ShardQueue>();
  let readyBytes = 0;
  let readyLanes = 0;

  const isPacking = packer.packing !== 'none';
  const couldLeave = (lane: Lane) => (isPacking ? lane.bytes : lane.head!.bytes);

  const queueOf = (key: string) => (map ? queues.get(map.shardOf(key).id)! : unmapped);

  const enqueue = (lane: Lane) => {
    const queue = lane.shard;
    (lane.head!.attempts > 0 ? queue.again : queue.fresh).push(lane);
    readyBytes += couldLeave(lane);
    readyLanes++;
    if (queue.isListed) return;
    queue.isListed = true;
    turn.push(queue);
  };

  const dequeued = (lane: Lane) => {
    readyBytes -= couldLeave(lane);
    readyLanes--;
  };

  const release = ({ entries }: OutgoingRecord) => {
    let since: number | undefined;
    for (const { lane } of entries) {
      if (!lane?.isBusy) continue;
      lane.isBusy = false;
      if (!lane.head) {
        if (lanes.size > keptLanes) lanes.delete(lane.key);
        continue;
      }
      enqueue(lane);
      since = Math.min(lane.head.since, since ?? lane.head.since);
    }
    return since;
  };

  return {
    add(entry) {
      const key = entry.event.partitionKey;
      let lane = lanes.get(key);
      if (!lane) {
        lane = createLane(key, queueOf(key));
        lanes.set(key, lane);
      }
      entry.lane = lane;
      const wasEmpty = lane.head === undefined;
      append(lane, entry);
      if (lane.isBusy) return;
      if (wasEmpty) enqueue(lane);
      else if (isPacking) readyBytes += entry.bytes;
    },
    readyBytes: () => readyBytes,
    readyLanes: () => readyLanes,
    take(limits, now) {
      const records: OutgoingRecord[] = [];
      let bytes = 0;
      let nextAt: number | undefined;
      let passedOver = 0;
      // Ends when every queue that is left was passed over in a row.
      while (turn.length > passedOver && records.length < limits.maxRecords) {
        const queue = turn.shift()!;
        const next = nextLanes(queue);
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
        queue.throughput?.spend(record.bytes, now);
        bytes += record.bytes;
        records.push(record);
      }
      return { records, nextAt };
    },
    release,
    putBack(record, left) {
      for (const entry of left.toReversed()) putBackHead(entry.lane!, entry);
      release(record);
    },
    remap(next) {
      const before = queues;
      map = next;
      queues = new Map(
        next.shards.map(({ id }) => [id, before.get(id) ?? createShardQueue(id, newThroughput())]),
      );
      turn = new Fifo();
      readyBytes = 0;
      readyLanes = 0;
      for (const queue of [unmapped, ...queues.values()]) {
        queue.isListed = false;
        queue.again.clear();
        queue.fresh.clear();
      }
      for (const lane of lanes.values()) {
        lane.shard = queueOf(lane.key);
        if (lane.head && !lane.isBusy) enqueue(lane);
      }
    },
    shardOf: queueOf,
    drain() {
      const waiting: Entry[] = [];
      for (const lane of lanes.values()) {
        while (lane.head) waiting.push(takeHead(lane));
      }
      lanes.clear();
      turn = new Fifo();
      readyBytes = 0;
      readyLanes = 0;
      return waiting;
    },
  };
}
