/** One second's allowance of something. */
export interface TokenBucket {
  /**
   * Whether any is left. What is taken then may be more than that, and those who come later wait for longer: or a
   * record of a mebibyte would never pass a shard that is in use.
   */
  hasSome(now: number): boolean;
  take(amount: number): void;
}

const unlimited: TokenBucket = { hasSome: () => true, take: () => {} };

/**
 * @param perSecond undefined for no limit
 * @param now milliseconds from any fixed instant, here and in the calls
 */
export function createTokenBucket(perSecond: number | undefined, now: number): TokenBucket {
  if (perSecond === undefined) return unlimited;
  let left = perSecond;
  let filledAt = now;
  return {
    hasSome(at) {
      left = Math.min(perSecond, left + (Math.max(0, at - filledAt) / 1000) * perSecond);
      filledAt = Math.max(at, filledAt);
      return left >= Math.min(1, perSecond);
    },
    take(amount) {
      left -= amount;
    },
  };
}
