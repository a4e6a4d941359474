import { sliceOf, slicesPerHorizon } from '../../domain/duplicates';
import type { Position } from '../../domain/position';
import { linesOfRecords, type ShardLine, shardIdOf } from '../history/shard-line';
import type { ObjectStore } from '../objects/object-store';
import { onFailurePrefix, readOnFailureObject } from '../objects/on-failure-object';

interface Place {
  readonly position: Position;
  readonly slice: number;
}

/** Events of one shard that were given up, by their ids. */
export class GivenUpEvents {
  private readonly places = new Map<string, Place[]>();

  constructor(private readonly horizonSeconds: number) {}

  /** @param lines of a given-up batch */
  add(lines: readonly ShardLine[]): void {
    for (const { position, reading, arrivedAt } of lines) {
      if (!reading.ok) continue;
      const { eventId } = reading.event;
      const places = this.places.get(eventId) ?? [];
      this.places.set(eventId, places);
      places.push({ position, slice: sliceOf(arrivedAt, this.horizonSeconds) });
    }
  }

  /** Whether a line is an event that is a duplicate because of one of these: the aggregator may not know it for one. */
  precede({ position, reading, arrivedAt }: ShardLine): boolean {
    if (!reading.ok) return false;
    const places = this.places.get(reading.event.eventId);
    if (places === undefined) return false;
    const slice = sliceOf(arrivedAt, this.horizonSeconds);
    return places.some((place) => place.position < position && slice - place.slice <= slicesPerHorizon);
  }
}

/** Adds what other batches of a shard hold that were given up and are not repaired. */
export async function addUnrepaired(
  events: GivenUpEvents,
  shard: string,
  onFailure: ObjectStore,
): Promise<void> {
  const shardId = shardIdOf(shard);
  for await (const { key } of onFailure.list(onFailurePrefix)) {
    if (!key.includes(`/${shardId}/`)) continue;
    // Somebody else may have moved it meanwhile.
    const body = await onFailure.get(key);
    const object = body && readOnFailureObject(body);
    if (object?.ok && object.batch.shard === shard) events.add(linesOfRecords(object.batch.records));
  }
}
