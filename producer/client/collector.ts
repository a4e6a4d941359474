import { type Clock, elapsedMs } from '../../cli/clock';
import { createAlarm } from './alarm';
import type { BatchLimits } from './batch';
import type { EventQueue } from './shards/event-queue';
import type { OutgoingRecord } from './shards/shard-queue';

export interface CollectorSettings {
  readonly limits: BatchLimits;
  /** How much has to wait for a request to be worth it before the linger time is over. */
  readonly worth: { readonly bytes: number; readonly keys: number };
  readonly lingerMs: number;
  /** For how long after the last request one that is not worth it does not leave beside others. */
  readonly spacingMs: number;
  readonly maxInFlight: number;
}

export interface CollectorPorts {
  readonly clock: Clock;
  readonly queue: EventQueue;
  /** Sends a request and does what its answer asks for. Never rejects. */
  send(records: readonly OutgoingRecord[]): Promise<void>;
}

/** Decides when a request leaves. */
export interface Collector {
  /** Nothing leaves before. */
  open(): void;
  /** Something can leave that has been waiting `since` then. */
  added(since: number): void;
  /** What waits need not wait for more. */
  sendNow(): void;
  /** Until `done` settles nothing lingers. */
  flush(done: Promise<void>): Promise<void>;
  /** Ends the timers. */
  close(): void;
}

export function createCollector(
  { limits, worth, lingerMs, spacingMs, maxInFlight }: CollectorSettings,
  { clock, queue, send }: CollectorPorts,
): Collector {
  let isOpen = false;
  // What waits has waited long enough.
  let isDue = false;
  let inFlight = 0;
  let flushes = 0;
  let leftAt = Number.NEGATIVE_INFINITY;
  // What was left behind, because its shard takes nothing now, does not make a request worth its while.
  let blockedBytes = 0;
  let blockedKeys = 0;

  const isWorthIt = () =>
    queue.readyBytes() - blockedBytes >= worth.bytes || queue.readyKeys() - blockedKeys >= worth.keys;

  const sendNow = () => {
    isDue = true;
    pump();
  };
  const linger = createAlarm(clock, sendNow);
  const reopening = createAlarm(clock, sendNow);

  const dispatch = async (records: readonly OutgoingRecord[]) => {
    inFlight++;
    await send(records);
    inFlight--;
    pump();
  };

  const pump = () => {
    while (isOpen && inFlight < maxInFlight && isDue) {
      const now = elapsedMs(clock);
      if (inFlight > 0 && now < leftAt + spacingMs && !isWorthIt()) {
        // The next answer may free more partition keys, which then share the request; but it may be long in coming.
        if (queue.readyKeys() > 0) linger.noLaterThan(leftAt + spacingMs);
        else isDue = false;
        return;
      }
      const { records, nextAt } = queue.take(limits, now);
      if (nextAt !== undefined) reopening.noLaterThan(nextAt);
      if (records.length < limits.maxRecords) {
        blockedBytes = nextAt === undefined ? 0 : queue.readyBytes();
        blockedKeys = nextAt === undefined ? 0 : queue.readyKeys();
      }
      if (records.length === 0) {
        isDue = false;
        return;
      }
      linger.cancel();
      leftAt = now;
      void dispatch(records);
    }
  };

  return {
    open() {
      isOpen = true;
      pump();
    },
    added(since) {
      if (isDue || flushes > 0 || isWorthIt() || since + lingerMs <= elapsedMs(clock)) sendNow();
      else linger.noLaterThan(since + lingerMs);
    },
    sendNow,
    async flush(done) {
      flushes++;
      sendNow();
      await done;
      flushes--;
    },
    close() {
      linger.cancel();
      reopening.cancel();
    },
  };
}
