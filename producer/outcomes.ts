import { type Clock, elapsedMs } from './clock';
import { createLatencyHistogram } from './latency-histogram';
import type { OutgoingEvent } from './outgoing-event';
import type { Accepted, NotAccepted, ProducerStats, Receipt } from './receipt';

/** An event that the producer answers for, until it has its receipt. */
export interface Entry {
  readonly event: OutgoingEvent;
  readonly bytes: number;
  /** When it was handed over, in the clock's steady milliseconds. */
  readonly since: number;
  readonly resolve: (receipt: Receipt) => void;
  attempts: number;
  mayHaveArrived: boolean;
}

export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** Who is still owed a receipt, who has got one, and who waits for that. */
export interface Outcomes {
  add(entry: Entry): void;
  /** The entry leaves in a request. */
  sent(entry: Entry): void;
  throttled(): void;
  /** The entry's request went without an answer. */
  unanswered(entry: Entry): void;
  accept(entry: Entry, place: Pick<Accepted, 'shardId' | 'sequenceNumber' | 'httpStatus'>): void;
  giveUp(entry: Entry, reason: NotAccepted['reason'], failure: Failure): void;
  /** Resolves when fewer events and bytes than the bounds await a receipt. */
  room(): Promise<void>;
  /** Resolves when no event awaits a receipt. */
  settled(): Promise<void>;
  stats(requests: number): ProducerStats;
}

export function createOutcomes(
  clock: Clock,
  bounds: { readonly maxEvents: number; readonly maxBytes: number },
): Outcomes {
  const latencies = createLatencyHistogram();
  const counts = { produced: 0, accepted: 0, retried: 0, throttled: 0, failed: 0, ambiguous: 0 };
  let outstanding = 0;
  let outstandingBytes = 0;
  let acceptedBytes = 0;
  let roomWaiters: (() => void)[] = [];
  let settledWaiters: (() => void)[] = [];

  const hasRoom = () => outstanding < bounds.maxEvents && outstandingBytes < bounds.maxBytes;

  const settle = (entry: Entry, receipt: Receipt) => {
    outstanding--;
    outstandingBytes -= entry.bytes;
    entry.resolve(receipt);
    if (hasRoom()) roomWaiters = release(roomWaiters);
    if (outstanding === 0) settledWaiters = release(settledWaiters);
  };

  return {
    add(entry) {
      counts.produced++;
      outstanding++;
      outstandingBytes += entry.bytes;
    },
    sent(entry) {
      if (entry.attempts > 0) counts.retried++;
      entry.attempts++;
    },
    throttled() {
      counts.throttled++;
    },
    unanswered(entry) {
      if (!entry.mayHaveArrived) counts.ambiguous++;
      entry.mayHaveArrived = true;
    },
    accept(entry, place) {
      counts.accepted++;
      acceptedBytes += entry.bytes;
      latencies.record(elapsedMs(clock) - entry.since);
      settle(entry, { accepted: true, ...place, attempts: entry.attempts });
    },
    giveUp(entry, reason, { code, message }) {
      counts.failed++;
      const { attempts, mayHaveArrived } = entry;
      settle(entry, { accepted: false, reason, code, message, attempts, mayHaveArrived });
    },
    room: () => (hasRoom() ? Promise.resolve() : new Promise((resolve) => roomWaiters.push(resolve))),
    settled: () =>
      outstanding === 0 ? Promise.resolve() : new Promise((resolve) => settledWaiters.push(resolve)),
    stats: (requests) => ({
      ...counts,
      outstanding,
      requests,
      acceptedBytes,
      latencyMs: { p50: latencies.quantile(0.5), p99: latencies.quantile(0.99) },
    }),
  };
}

/** Calls the waiters, and returns the empty list that replaces theirs. */
function release(waiters: readonly (() => void)[]): [] {
  for (const waiter of waiters) waiter();
  return [];
}
