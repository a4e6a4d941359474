const windowMs = 60_000;

/** Visitors that are remembered: beyond, all begin anew, so that memory is bounded. */
const maxVisitors = 50_000;

/** Counts what each visitor sends in a minute, in this environment of the function only. */
export interface RateLimit {
  /** @returns seconds to wait, or undefined if the visitor may send so many events now */
  take(visitor: string, events: number): number | undefined;
}

/**
 * @param eventsPerMinute 0 for any number
 * @param now epoch milliseconds
 */
export function createRateLimit(eventsPerMinute: number, now: () => number): RateLimit {
  const sent = new Map<string, number>();
  let end = 0;
  return {
    take(visitor, events) {
      if (eventsPerMinute === 0) return undefined;
      const at = now();
      if (at >= end || sent.size >= maxVisitors) {
        sent.clear();
        end = at + windowMs;
      }
      const sum = (sent.get(visitor) ?? 0) + events;
      if (sum > eventsPerMinute) return Math.ceil((end - at) / 1_000);
      sent.set(visitor, sum);
      return undefined;
    },
  };
}
