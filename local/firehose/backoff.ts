import type { Clock } from '../clock';

/** Waits that double from `firstMs` up to `maxMs`. */
export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** The wait after the given failed attempt, counted from 1. */
export function delayAfter(attempt: number, { firstMs, maxMs }: Backoff): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30));
}

export interface RetryContext {
  readonly clock: Clock;
  readonly backoff: Backoff;
  readonly signal: AbortSignal;
  readonly onFailure: (error: unknown, attempt: number) => void;
}

/** Repeats until the operation succeeds. `undefined` when the signal has aborted and the last attempt failed. */
export async function untilItSucceeds<T>(
  operation: () => Promise<T>,
  { clock, backoff, signal, onFailure }: RetryContext,
): Promise<T | undefined> {
  for (let attempt = 1; attempt === 1 || !signal.aborted; attempt++) {
    try {
      return await operation();
    } catch (error) {
      onFailure(error, attempt);
      await clock.sleep(delayAfter(attempt, backoff), signal);
    }
  }
  return undefined;
}
