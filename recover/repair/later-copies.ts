import type { AggregationSettings } from '../../cli/aggregation-settings';
import { sliceMs, slicesPerHorizon } from '../../domain/duplicates';
import { endOfRecord, type ShardLine } from '../history/shard-line';
import type { Floor } from './change';
import { GivenUpEvents } from './given-up-events';
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
  const givenUp = new GivenUpEvents(horizonSeconds);
  givenUp.add(batch);
  const last = batch.at(-1)!.position;
  return lines.filter((line) => line.position > last && givenUp.precede(line));
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
