import type { Entry, OutgoingRecord } from '../entry';
import type { Packer } from '../packing/packer';
import { Fifo } from './fifo';
import { type Lane, takeHead } from './lane';
import type { Throughput } from './throughput';

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
