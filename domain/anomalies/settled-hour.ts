import { windowMs, windowStart } from '../counters/window';

/** How far a shard is counted. */
export interface CountedShard {
  /** The latest arrival that is counted; undefined if none is. Epoch milliseconds, as the other. */
  readonly countedUntil: number | undefined;
  /** When something of it was folded into the items for the last time; undefined if nothing ever was. */
  readonly foldedAt: number | undefined;
}

/** Events reach the stream some time after they happened: of phones, of batches. */
const arrivalMs = 10 * windowMs.minute;

/** Beside the age at which deltas are folded: nothing counted for so long means that nothing comes. */
const idleMs = 30 * windowMs.minute;

/**
 * The start of the latest hour whose counts are whole, in epoch milliseconds; undefined if nothing is counted.
 *
 * An hour is whole when every shard is counted to some minutes past its end. A shard that comes to nothing any more is not
 * waited for, else a site that has stopped would never be noticed; but one that is counted late is, however late it is.
 *
 * @param foldedAfterMs age at which what is counted is folded
 */
export function lastSettledHour(
  shards: readonly CountedShard[],
  now: number,
  foldedAfterMs: number,
): number | undefined {
  if (shards.every(({ countedUntil }) => countedUntil === undefined)) return undefined;
  const idleTo = now - idleMs - foldedAfterMs;
  const counted = shards.map(({ countedUntil = Number.NEGATIVE_INFINITY, foldedAt }) => {
    // Counted and not folded yet: it has only begun.
    const isIdle = foldedAt === undefined ? countedUntil < 0 : foldedAt < idleTo;
    return isIdle ? Math.max(countedUntil, idleTo) : countedUntil;
  });
  const whole = Math.min(now, ...counted) - arrivalMs;
  return Number.isFinite(whole) ? windowStart('hour', whole) - windowMs.hour : undefined;
}
