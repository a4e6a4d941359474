import type { OutgoingEvent } from './outgoing-event';
import type { Receipt } from './receipt';
import type { Lane } from './shards/lane';

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
