const windowMs = 60_000;

/** Hashes that are remembered: beyond, all begin anew, so that memory is bounded. */
const maxRemembered = 50_000;

/** An address may send as much as so many visitors: an office is behind one, with one browser or several. */
export const visitorsOfAddress = 20;

/** Who sends, as hashes. */
export interface Sending {
  readonly visitor: string;
  readonly address: string;
}

/** Why somebody has to wait. */
export interface Wait {
  readonly seconds: number;
  readonly allowed: string;
}

/** Counts what each visitor and each address sends in a minute, in this environment of the function only. */
export interface RateLimit {
  /** @returns undefined if so many events may be sent now: then they count */
  take(sending: Sending, events: number): Wait | undefined;
}

/**
 * A visitor's hash changes with the user agent, which whoever sends makes up; the address does not.
 *
 * @param eventsPerMinute of a visitor; 0 for any number, of an address as well
 * @param now epoch milliseconds
 */
export function createRateLimit(eventsPerMinute: number, now: () => number): RateLimit {
  if (eventsPerMinute === 0) return { take: () => undefined };
  const limits = [
    { of: 'visitor', most: eventsPerMinute, counter: createCounter(now) },
    { of: 'address', most: eventsPerMinute * visitorsOfAddress, counter: createCounter(now) },
  ] as const;
  return {
    take(sending, events) {
      for (const { of, most, counter } of limits) {
        if (counter.sent(sending[of]) + events <= most) continue;
        return { seconds: counter.secondsLeft(), allowed: `${most} a minute of one ${of}` };
      }
      for (const { of, counter } of limits) counter.add(sending[of], events);
      return undefined;
    },
  };
}

interface Counter {
  /** Events in this minute. */
  sent(who: string): number;
  add(who: string, events: number): void;
  /** Of the minute that `sent` has looked at. */
  secondsLeft(): number;
}

function createCounter(now: () => number): Counter {
  const counts = new Map<string, number>();
  let end = 0;
  return {
    sent(who) {
      const at = now();
      if (at >= end || counts.size >= maxRemembered) {
        counts.clear();
        end = at + windowMs;
      }
      return counts.get(who) ?? 0;
    },
    add: (who, events) => void counts.set(who, (counts.get(who) ?? 0) + events),
    secondsLeft: () => Math.ceil((end - now()) / 1_000),
  };
}
