import type { DuplicateFilter } from '../counters/fold';
import { HashIndex } from './hash-index';

/**
 * A producer that got no answer sends its events again, and the stream may then hold them twice: two records, two
 * sequence numbers, one `eventId`. The rule, a function of one shard's content alone:
 *
 * A valid event is a duplicate if the shard holds an earlier valid event of the same id, itself a duplicate or not,
 * that arrived at most `slicesPerHorizon` slices of time before it.
 *
 * A slice is a fifth of the horizon, so that an id is remembered for at least the horizon, and for at most 6/5 of
 * it. Ids are compared by a hash of 64 bits: among a million ids in the horizon, one event in 2 × 10^13 is taken for
 * a duplicate and is none.
 */
export const slicesPerHorizon = 5;

/**
 * How many slices further back than the horizon anything may still be asked for: arrival times in a shard are close
 * to its order but need not grow with it. They are taken to run backwards by less than one slice.
 */
export const slicesBackwards = 1;

/** Milliseconds of a slice. */
export function sliceMs(deduplicationSeconds: number): number {
  return (deduplicationSeconds * 1_000) / slicesPerHorizon;
}

export function sliceOf(arrivedAt: number, deduplicationSeconds: number): number {
  return Math.floor(arrivedAt / sliceMs(deduplicationSeconds));
}

/**
 * The rule for whoever reads a shard in its order: from its beginning, or from somewhere with at least 6/5 of the
 * horizon before the first event whose answer matters.
 *
 * @param deduplicationSeconds the horizon; 0 knows no duplicates
 */
export function duplicateFilter(deduplicationSeconds: number): DuplicateFilter {
  if (deduplicationSeconds === 0) return () => false;
  const seen = new HashIndex();
  return ({ hash, arrivedAt }) => {
    const slice = sliceOf(arrivedAt, deduplicationSeconds);
    const latest = seen.latest(hash);
    seen.forgetBefore(slice - slicesPerHorizon - slicesBackwards);
    seen.add(hash, slice);
    return latest !== undefined && slice - latest <= slicesPerHorizon;
  };
}
