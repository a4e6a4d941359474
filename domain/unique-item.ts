import type { CounterKey } from './counter-item';
import { emptySketch, type Precision, type Touch, touch } from './sketch';
import { decodeSketch, encodeSketch } from './sketch-bytes';
import type { Unique, UniqueWindow } from './uniques';
import { formatWindow } from './window';

/**
 * The attributes of an item that holds sketches, beside its keys and time to live, which are those of every item of
 * the aggregates table. Each value has an attribute of its own, named by `sketchAttribute`.
 */
export const UniqueAttributes = {
  /** Grows with every write. A write names the version that it was made from, and is refused if there is another. */
  version: 'version',
  /** Sketch of all values for which the item has no room. */
  other: 'other',
} as const;

const sketchPrefix = 's:';

export function sketchAttribute(value: string): string {
  return sketchPrefix + value;
}

/** The value that an attribute holds the sketch of; undefined for the item's other attributes. */
export function sketchedValue(attribute: string): string | undefined {
  return attribute.startsWith(sketchPrefix) ? attribute.slice(sketchPrefix.length) : undefined;
}

/** How the partition keys of items with sketches begin. No dimension's name does, hence no counter has such a key. */
export const uniqueKeyPrefix = 'unique-';

/** For example `unique-visitors-page#17`. */
export function uniquePartitionKey(unique: Unique, bucket: number): string {
  return `${partitionKeyPrefix(unique)}${bucket}`;
}

/** Whether an item of that partition key holds sketches of this. */
export function isOfUnique(partitionKey: string, unique: Unique): boolean {
  return partitionKey.startsWith(partitionKeyPrefix(unique));
}

function partitionKeyPrefix({ name, scope }: Unique): string {
  return `${uniqueKeyPrefix}${name}-${scope}#`;
}

/** @param shard `stream/shardId` */
export function uniqueKey(
  unique: Unique,
  bucket: number,
  window: UniqueWindow,
  start: number,
  shard: string,
): CounterKey {
  return { pk: uniquePartitionKey(unique, bucket), sk: `${window}#${formatWindow(start)}#${shard}` };
}

/**
 * Values of an item that have a sketch of their own. The first so many in the order of the shard have; the rest share
 * one. So a batch writes a bounded number of items of bounded size (128 sketches of at most 899 bytes and 203 of
 * name, and one more: 142 KB, where DynamoDB takes 400), whatever pages a visitor makes up.
 */
export const maxSketches = 128;

/** What one item of the table holds. It is never changed, only replaced. */
export interface UniqueItem {
  readonly version: number;
  /** Epoch seconds. */
  readonly expiresAt: number;
  /** The bytes of each sketch, by attribute. */
  readonly sketches: ReadonlyMap<string, Uint8Array>;
}

/** What a batch says to one item. */
export interface UniqueTouches {
  readonly precision: Precision;
  /** By value, the values in the order of the shard. */
  readonly touches: ReadonlyMap<string, ReadonlySet<Touch>>;
}

/**
 * The item after a batch; undefined if the item holds all of it already. What was counted before changes nothing,
 * and which values have a sketch depends on the order of the shard alone. So the outcome does not depend on how the
 * events were cut into batches, nor on how often they came, as long as a batch begins at or before the first event
 * that the item has not seen.
 *
 * @param held the item as it stands; undefined if there is none
 * @param expiresAt epoch seconds, up to which the events of the batch are to be kept
 * @throws RangeError for a sketch that cannot be read
 */
export function itemAfter(
  held: UniqueItem | undefined,
  { precision, touches }: UniqueTouches,
  expiresAt: number,
): UniqueItem | undefined {
  const sketches = new Map(held?.sketches);
  let values = [...sketches.keys()].filter((attribute) => attribute !== UniqueAttributes.other).length;
  let hasChanged = held === undefined || held.expiresAt < expiresAt;
  const add = (attribute: string, touched: ReadonlySet<Touch>): void => {
    const bytes = sketches.get(attribute);
    const sketch = bytes ? decodeSketch(bytes) : emptySketch(precision);
    let grows = false;
    for (const one of touched) grows = touch(sketch, one) || grows;
    if (!grows) return;
    sketches.set(attribute, encodeSketch(sketch));
    hasChanged = true;
  };

  const withoutRoom = new Set<Touch>();
  for (const [value, touched] of touches) {
    const attribute = sketchAttribute(value);
    const isNew = !sketches.has(attribute);
    if (isNew && values === maxSketches) {
      for (const one of touched) withoutRoom.add(one);
    } else {
      add(attribute, touched);
      if (isNew) values++;
    }
  }
  add(UniqueAttributes.other, withoutRoom);
  if (!hasChanged) return undefined;
  return {
    version: (held?.version ?? 0) + 1,
    expiresAt: Math.max(held?.expiresAt ?? 0, expiresAt),
    sketches,
  };
}

const secondsPerDay = 86_400;

/**
 * When the item of a batch may go, in epoch seconds. To whole days, so that an item whose sketches do not change is
 * not written again for its time to live more than once a day; upwards, so that it lives as long as counters do.
 *
 * @param lastArrivedAt epoch milliseconds
 */
export function uniqueExpiry(lastArrivedAt: number, retentionDays: number): number {
  return (Math.ceil(lastArrivedAt / 1000 / secondsPerDay) + retentionDays) * secondsPerDay;
}
