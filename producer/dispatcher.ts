import { createAlarm } from './alarm';
import type { BatchLimits } from './batch';
import { type Clock, elapsedMs } from './clock';
import type { OutgoingRecord } from './entry';
import type { EventQueue } from './shards/event-queue';

export interface DispatcherSettings {
  readonly limits: BatchLimits;
  /** How much has to wait for a request to be worth it before the linger time is over. */
  readonly worth: { readonly bytes: number; readonly lanes: number };
  readonly lingerMs: number;
  readonly maxInFlight: number;
}

export interface DispatcherPorts {
  readonly clock: Clock;
  readonly queue: EventQueue;
  /** Sends a request and does what its answer asks for. Never rejects. */
  send(records: readonly OutgoingRecord[]): Promise<void>;
}

/** Decides when a request leaves. */
export interface Dispatcher {
  /** Nothing leaves before. */
  open(): void;
  /** Something can leave that has been waiting `since` then. */
  added(since: number): void;
  /** What waits has waited long enough. */
  hurry(): void;
  /** Until `done` settles nothing lingers. */
  flush(done: Promise<void>): Promise<void>;
  /** Ends the timers. */
  close(): void;
}

export function createDispatcher(
  { limits, worth, lingerMs, maxInFlight }: DispatcherSettings,
  { clock, queue, send }: DispatcherPorts,
): Dispatcher {
  let isOpen = false;
  let isDue = false;
  // Something waits that would go if a request of its own were worth it.
  let isOverdue = false;
  let inFlight = 0;
  let flushes = 0;
  // What was left behind, because its shard takes nothing now, does not make a request worth its while.
  let leftBytes = 0;
  let leftLanes = 0;

  const hurry = () => {
    isDue = true;
    isOverdue = false;
    pump();
  };
  const linger = createAlarm(clock, hurry);
  const reopening = createAlarm(clock, hurry);

  const dispatch = async (records: readonly OutgoingRecord[]) => {
    inFlight++;
    await send(records);
    inFlight--;
    if (inFlight === 0 && isOverdue) hurry();
    else pump();
  };

  const pump = () => {
    while (isOpen && inFlight < maxInFlight && isDue) {
      const { records, nextAt } = queue.take(limits, elapsedMs(clock));
      if (nextAt !== undefined) reopening.noLaterThan(nextAt);
      if (records.length === 0) {
        isDue = false;
        leftBytes = queue.readyBytes();
        leftLanes = queue.readyLanes();
        return;
      }
      linger.cancel();
      void dispatch(records);
    }
  };

  const isWorthIt = () =>
    queue.readyBytes() - leftBytes >= worth.bytes || queue.readyLanes() - leftLanes >= worth.lanes;

  return {
    open() {
      isOpen = true;
      pump();
    },
    added(since) {
      const now = elapsedMs(clock);
      const isLate = flushes > 0 || since + lingerMs <= now;
      if (isDue || isWorthIt() || (isLate && inFlight === 0)) {
        hurry();
        return;
      }
      // The next answer may free more partition keys, which then share the request; but it may be long in coming.
      isOverdue ||= isLate;
      linger.noLaterThan(isLate ? now + lingerMs : since + lingerMs);
    },
    hurry,
    async flush(done) {
      flushes++;
      hurry();
      await done;
      flushes--;
    },
    close() {
      linger.cancel();
      reopening.cancel();
    },
  };
}
