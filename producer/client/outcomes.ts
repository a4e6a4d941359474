import { createLatencies } from './latencies';
import type { Accepted, NotAccepted, ProducerStats, Receipt } from './receipt';
import type { Entry, OutgoingRecord } from './shards/shard-queue';

export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** Who is still owed a receipt, who has got one, and who waits for that. */
export interface Outcomes {
  add(entry: Entry): void;
  /** A request with these records leaves. */
  sent(records: readonly OutgoingRecord[]): void;
  /** It is over, whatever came of it. */
  returned(): void;
  /** A shard was at its limit. */
  throttled(record: OutgoingRecord, shardId: string): void;
  /** The record may be in the stream, and is not known to be. */
  unanswered(record: OutgoingRecord): void;
  /** @param now in the clock's steady milliseconds */
  accept(
    record: OutgoingRecord,
    place: Pick<Accepted, 'shardId' | 'sequenceNumber' | 'httpStatus'>,
    now: number,
  ): void;
  giveUp(entry: Entry, reason: NotAccepted['reason'], failure: Failure): void;
  /** Resolves when fewer events and bytes than the bounds await a receipt. */
  room(): Promise<void>;
  /** Resolves when no event awaits a receipt. */
  settled(): Promise<void>;
  hasRoom(): boolean;
  stats(): ProducerStats;
}

export function createOutcomes(bounds: { readonly maxEvents: number; readonly maxBytes: number }): Outcomes {
  const latencies = createLatencies();
  const counts = { produced: 0, accepted: 0, retried: 0, throttled: 0, failed: 0, ambiguous: 0 };
  const sending = { requests: 0, inFlight: 0, records: 0 };
  const throttledByShard: Record<string, number> = {};
  let outstanding = 0;
  let outstandingBytes = 0;
  let acceptedBytes = 0;
  let roomWaiters: (() => void)[] = [];
  let settledWaiters: (() => void)[] = [];

  const hasRoom = () => outstanding < bounds.maxEvents && outstandingBytes < bounds.maxBytes;

  const settle = (entry: Entry, receipt: Receipt) => {
    outstanding--;
    outstandingBytes -= entry.bytes;
    try {
      entry.settled(receipt, entry.event);
    } catch (error) {
      // The caller's mistake, and no defect of ours: as from a callback of Node's own, it ends the process.
      queueMicrotask(() => {
        throw error;
      });
    }
    if (roomWaiters.length > 0 && hasRoom()) roomWaiters = release(roomWaiters);
    if (outstanding === 0) settledWaiters = release(settledWaiters);
  };

  return {
    add(entry) {
      counts.produced++;
      outstanding++;
      outstandingBytes += entry.bytes;
    },
    sent(records) {
      sending.requests++;
      sending.inFlight++;
      for (const { entries } of records) {
        for (const entry of entries) {
          if (entry.attempts++ > 0) counts.retried++;
        }
      }
    },
    returned() {
      sending.inFlight--;
    },
    throttled({ entries }, shardId) {
      counts.throttled += entries.length;
      throttledByShard[shardId] = (throttledByShard[shardId] ?? 0) + entries.length;
    },
    unanswered({ entries }) {
      for (const entry of entries) {
        if (!entry.mayHaveArrived) counts.ambiguous++;
        entry.mayHaveArrived = true;
      }
    },
    accept({ entries }, { shardId, sequenceNumber, httpStatus }, now) {
      sending.records++;
      counts.accepted += entries.length;
      for (let subSequenceNumber = 0; subSequenceNumber < entries.length; subSequenceNumber++) {
        const entry = entries[subSequenceNumber]!;
        const { attempts } = entry;
        acceptedBytes += entry.bytes;
        latencies.record(now - entry.since);
        const receipt = {
          accepted: true,
          shardId,
          sequenceNumber,
          subSequenceNumber,
          httpStatus,
          attempts,
        } as const;
        settle(entry, entry.mayHaveArrived ? { ...receipt, mayBeTwice: true } : receipt);
      }
    },
    giveUp(entry, reason, { code, message }) {
      counts.failed++;
      const { attempts, mayHaveArrived } = entry;
      settle(entry, { accepted: false, reason, code, message, attempts, mayHaveArrived });
    },
    room: () => (hasRoom() ? Promise.resolve() : new Promise((resolve) => roomWaiters.push(resolve))),
    settled: () =>
      outstanding === 0 ? Promise.resolve() : new Promise((resolve) => settledWaiters.push(resolve)),
    hasRoom,
    stats: () => ({
      ...counts,
      ...sending,
      throttledByShard: { ...throttledByShard },
      outstanding,
      acceptedBytes,
      latencyMs: { p50: latencies.percentile(50), p99: latencies.percentile(99) },
    }),
  };
}

/** Calls the waiters, and returns the empty list that replaces theirs. */
function release(waiters: readonly (() => void)[]): [] {
  for (const waiter of waiters) waiter();
  return [];
}
