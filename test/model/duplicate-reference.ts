import type { DuplicateFilter } from '../../domain/fold';

/**
 * The rule as it is told: an event is a duplicate if the shard has an earlier one with the same id, at most five
 * fifths of the horizon before it, counted in whole fifths of the clock. Remembers every id for ever.
 *
 * @param deduplicationSeconds the horizon; 0 if nothing is a duplicate
 */
export function naiveDuplicateFilter(deduplicationSeconds: number): DuplicateFilter {
  const fifth = deduplicationSeconds * 200;
  const seen: { readonly eventId: string; readonly fifth: number }[] = [];
  return ({ eventId, arrivedAt }) => {
    if (deduplicationSeconds === 0) return false;
    const now = Math.floor(arrivedAt / fifth);
    const isDuplicate = seen.some((earlier) => earlier.eventId === eventId && now - earlier.fifth <= 5);
    seen.push({ eventId, fifth: now });
    return isDuplicate;
  };
}
