import type { AggregationSettings } from '../../cli/aggregation-settings';
import { sliceMs, sliceOf, slicesPerHorizon } from '../../domain/duplicates';
import type { Position } from '../../domain/position';
import { endOfRecord, type ShardLine } from '../history/shard-line';
import type { Floor } from './change';
import { type TouchedItem, touchedItems } from './touched';

/** How long after a batch no event can be a duplicate of one of its any more; 0 if none ever can. */
export function copiesMs({ deduplicationSeconds }: AggregationSettings): number {
  return deduplicationSeconds === 0 ? 0 : (slicesPerHorizon + 1) * sliceMs(deduplicationSeconds);
}

/** Events behind the batch that are duplicates because of it, and may have been counted as if they were none. */
export function laterCopies(
  batch: readonly ShardLine[],
  lines: readonly ShardLine[],
  horizonSeconds: number,
): ShardLine[] {
  if (horizonSeconds === 0) return [];
  const latestSlices = new Map<string, number>();
  const own = new Set<Position>();
  const first = batch[0]!.position;
  for (const { position, reading, arrivedAt } of batch) {
    own.add(position);
    if (!reading.ok) continue;
    const slice = sliceOf(arrivedAt, horizonSeconds);
    const { eventId } = reading.event;
    latestSlices.set(eventId, Math.max(slice, latestSlices.get(eventId) ?? slice));
  }
  return lines.filter(({ position, reading, arrivedAt }) => {
    if (position <= first || own.has(position) || !reading.ok) return false;
    const latest = latestSlices.get(reading.event.eventId);
    return latest !== undefined && sliceOf(arrivedAt, horizonSeconds) - latest <= slicesPerHorizon;
  });
}

/**
 * The items that copies may count in, as duplicates or not, each with the end of the last record that has a copy. Not
 * with the copy itself: where a record's group of events stands depends on which of them are duplicates.
 */
export function floorsOf(
  shard: string,
  copies: readonly ShardLine[],
): ReadonlyMap<string, TouchedItem & Floor> {
  const floors = new Map<string, TouchedItem & Floor>();
  for (const copy of copies) {
    const { arrivedAt } = copy;
    const position = endOfRecord(copy.sequenceNumber);
    for (const [id, item] of touchedItems(shard, [copy], true))
      floors.set(id, { ...item, position, arrivedAt });
  }
  return floors;
}
