/** A request may take this long from the sender's clock to ours; less than that says nothing about the clock. */
const toleranceMs = 10_000;

/**
 * How far the sender's clock is behind ours, in milliseconds; negative where it is ahead, 0 where it may be right.
 *
 * @param sentAt epoch milliseconds by the sender's clock
 * @param now epoch milliseconds by ours
 */
export function clockSkew(sentAt: number | undefined, now: number): number {
  if (sentAt === undefined) return 0;
  const skew = now - sentAt;
  return Math.abs(skew) <= toleranceMs ? 0 : skew;
}
