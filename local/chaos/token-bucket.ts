/** One second's allowance of something. */
export interface TokenBucket {
  /** Whether so much is left. A full bucket has room for anything, or what is larger than it would never pass. */
  has(amount: number, now: number): boolean;
  take(amount: number): void;
}

const unlimited: TokenBucket = { has: () => true, take: () => {} };

/**
 * @param perSecond undefined for no limit
 * @param now milliseconds from any fixed instant, here and in the calls
 */
export function createTokenBucket(perSecond: number | undefined, now: number): TokenBucket {
  if (perSecond === undefined) return unlimited;
  let left = perSecond;
  let filledAt = now;
  return {
    has(amount, at) {
      left = Math.min(perSecond, left + (Math.max(0, at - filledAt) / 1000) * perSecond);
      filledAt = Math.max(at, filledAt);
      return amount <= left || left === perSecond;
    },
    take(amount) {
      left -= amount;
    },
  };
}
