import { type Clock, elapsedMs } from './clock';

/** How fast events leave: so many a second, or as fast as they can. */
export type Rate = { readonly kind: 'steady'; readonly perSecond: number } | { readonly kind: 'max' };

export interface Pace {
  /** Resolves when the next event is due, at the latest when `signal` aborts. */
  next(signal?: AbortSignal): Promise<void>;
}

/**
 * Holds a rate. The n-th event is due at start + n / rate, whatever the ones before it took, so neither the timers'
 * coarseness nor a pause adds up; after a pause the missed events follow at once.
 */
export function createPace(rate: Rate, clock: Clock): Pace {
  if (rate.kind === 'max') return { next: async () => {} };
  const intervalMs = 1000 / rate.perSecond;
  let start: number | undefined;
  let count = 0;
  return {
    async next(signal) {
      const now = elapsedMs(clock);
      start ??= now;
      const due = start + count++ * intervalMs;
      // A timer may fire a little early; a second, shorter one then makes up for it.
      for (let wait = due - now; wait >= 1 && !signal?.aborted; wait = due - elapsedMs(clock)) {
        await clock.sleep(wait, signal);
      }
    },
  };
}
