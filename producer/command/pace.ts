import { type Clock, elapsedMs } from '../../cli/clock';

/** How fast events leave: so many a second, or as fast as they can. */
export type Rate = { readonly kind: 'steady'; readonly perSecond: number } | { readonly kind: 'max' };

/** Both waits give undefined where there is nothing to wait for, and end at the latest when `signal` aborts. */
export interface Pace {
  /** Until the next event is due. */
  next(signal?: AbortSignal): Promise<void> | undefined;
  /** Until an event is due that has an instant of its own, in milliseconds from the first call. */
  until(dueMs: number, signal?: AbortSignal): Promise<void> | undefined;
  /** How late the newest event was, in milliseconds. */
  behindMs(): number;
}

/**
 * Holds a rate. The n-th event is due at start + n / rate, whatever the ones before it took, so neither the timers'
 * coarseness nor a pause adds up; after a pause the missed events follow at once. None leaves before it is due.
 */
export function createPace(rate: Rate, clock: Clock): Pace {
  const intervalMs = rate.kind === 'max' ? 0 : 1000 / rate.perSecond;
  let start: number | undefined;
  let count = 0;
  let behindMs = 0;

  const sleepUntil = async (due: number, signal?: AbortSignal) => {
    // A timer may fire a little early; another one then makes up for it.
    for (let wait = due - elapsedMs(clock); wait > 0 && !signal?.aborted; wait = due - elapsedMs(clock)) {
      await clock.sleep(wait, signal);
    }
    behindMs = Math.max(0, elapsedMs(clock) - due);
  };

  const until = (dueMs: number, signal?: AbortSignal) => {
    const now = elapsedMs(clock);
    start ??= now;
    const due = start + dueMs;
    if (due > now) return sleepUntil(due, signal);
    behindMs = now - due;
    return undefined;
  };

  return {
    // Multiplied rather than added up: a million roundings would show.
    next(signal) {
      return rate.kind === 'max' ? undefined : until(count++ * intervalMs, signal);
    },
    until,
    behindMs: () => behindMs,
  };
}
