import { emptySketch, type Precision, type Touch, touch } from '../visitors/sketch';
import { decodeSketch, encodeSketch } from '../visitors/sketch-bytes';
import { uniques } from '../visitors/uniques';
import { bucketOf } from './bucket';
import { type Counts, type DeltaContent, type DimensionDelta, noCounts, type Windows } from './delta';
import { sketchName } from './fold';
import type { Place } from './log-place';
import { expiryOf, type RetentionDays } from './retention';
import { type WindowSize, windowSizes, windowStart } from './window';

/** Which item: of a group of dimensions or of one kind of sketches, by bucket, window and shard. */
export interface ItemAddress {
  /** `summary` for all dimensions with one bucket; else the name of the dimension or of the sketches. */
  readonly group: string;
  readonly bucket: number;
  readonly size: WindowSize;
  /** Start of the window in epoch milliseconds. */
  readonly start: number;
}

/** The group that all dimensions of a handful of values share: one item a window. */
export const summaryGroup = 'summary';

/** The group whose items hold a dimension's values. */
export function groupOf(dimension: { readonly name: string; readonly buckets: number }): string {
  return dimension.buckets === 1 ? summaryGroup : dimension.name;
}

/** What an item of the table holds. */
export interface Item {
  /** The place up to which the deltas of its shard that touch it are in it. */
  readonly seq: Place;
  /** Epoch seconds. */
  readonly expiresAt: number;
  readonly content: ItemContent;
}

export interface ItemContent {
  /** By dimension. */
  counts: Map<string, Counts>;
  /** The bytes of each sketch, by value. */
  readonly sketches: Map<string, Uint8Array>;
  /** The sketch of all values that have none of their own. */
  otherSketch: Uint8Array | undefined;
}

export function emptyContent(): ItemContent {
  return { counts: new Map(), sketches: new Map(), otherSketch: undefined };
}

/** What one delta adds to one item. */
export interface ItemPart {
  readonly address: ItemAddress;
  readonly counts: Map<string, Counts>;
  readonly touches: Map<string, Set<Touch>>;
  readonly precision: Precision | undefined;
}

/** An address as text, to tell the items of one shard apart. */
export function addressId({ group, bucket, size, start }: ItemAddress): string {
  return `${group}#${bucket} ${size} ${start}`;
}

/** A window as text, to tell windows apart. */
export function windowId({ size, start }: Pick<ItemAddress, 'size' | 'start'>): string {
  return `${size} ${start}`;
}

/**
 * Divides a delta into what it adds to each item, by the buckets that it was made with.
 *
 * @param isWanted leaves out the items that nobody asks for
 */
export function partsOf(
  content: DeltaContent,
  isWanted: (address: Omit<ItemAddress, 'bucket'>) => boolean = () => true,
): Map<string, ItemPart> {
  const parts = new Map<string, ItemPart>();
  const partAt = (address: ItemAddress, precision?: Precision): ItemPart => {
    const id = addressId(address);
    const known = parts.get(id);
    if (known) return known;
    const part = { address, counts: new Map(), touches: new Map(), precision };
    parts.set(id, part);
    return part;
  };
  for (const [name, delta] of content.dimensions) {
    const group = groupOf({ name, buckets: delta.buckets });
    const bucket = bucketFinder(delta.buckets);
    const countsIn = ({ size, start, byBucket }: OpenWindow, index: number): Counts => {
      const known = byBucket.get(index);
      if (known) return known;
      const counts = noCounts();
      partAt({ group, bucket: index, size, start }).counts.set(name, counts);
      byBucket.set(index, counts);
      return counts;
    };
    const opened = new Map<string, OpenWindow>();
    const followingOf = new Map<Counts, OpenWindow[]>();
    for (const [{ size, start }, counted] of eachWindow(delta.windows, content.isEachWindow, windowSizes)) {
      if (!isWanted({ group, size, start })) continue;
      const id = windowId({ size, start });
      const open = opened.get(id) ?? { size, start, byBucket: new Map() };
      opened.set(id, open);
      followingOf.set(counted, [...(followingOf.get(counted) ?? []), open]);
    }
    for (const [counted, value, count] of inOrderSeen(delta)) {
      for (const open of followingOf.get(counted) ?? []) {
        const { values } = countsIn(open, bucket(value));
        values.set(value, (values.get(value) ?? 0) + count);
      }
    }
    for (const [counted, following] of followingOf) {
      for (const open of following) {
        // Nobody reads these by bucket, so the first bucket holds the sum.
        if (counted.cut !== 0) countsIn(open, 0).cut += counted.cut;
        if (counted.other !== 0) countsIn(open, 0).other += counted.other;
      }
    }
  }
  for (const [name, { buckets, precision, windows }] of content.sketches) {
    const bucket = bucketFinder(buckets);
    const sizes = uniques.find((unique) => sketchName(unique) === name)?.windows ?? [...windows.keys()];
    for (const [{ size, start }, touched] of eachWindow(windows, content.isEachWindow, sizes)) {
      if (!isWanted({ group: name, size, start })) continue;
      for (const [value, touches] of touched) {
        const part = partAt({ group: name, bucket: bucket(value), size, start }, precision);
        const known = part.touches.get(value);
        if (known) for (const one of touches) known.add(one);
        else part.touches.set(value, new Set(touches));
      }
    }
  }
  return parts;
}

/** A window that a delta adds to, and what it adds there by bucket. */
interface OpenWindow extends Pick<ItemAddress, 'size' | 'start'> {
  readonly byBucket: Map<number, Counts>;
}

/** The values of a delta's windows, with their counts, in the order in which they were first seen. */
function* inOrderSeen({ windows, order }: DimensionDelta): Generator<readonly [Counts, string, number]> {
  const all = [...windows.values()].flatMap((starts) => [...starts.values()]);
  if (!order) {
    for (const counted of all) for (const [value, count] of counted.values) yield [counted, value, count];
    return;
  }
  const values = all.map((counted) => counted.values.entries());
  for (const number of order) {
    const [value, count] = values[number]!.next().value!;
    yield [all[number]!, value, count];
  }
}

function bucketFinder(buckets: number): (value: string) => number {
  const known = new Map<string, number>();
  return (value) => {
    const found = known.get(value);
    if (found !== undefined) return found;
    const bucket = bucketOf(value, buckets);
    known.set(value, bucket);
    return bucket;
  };
}

/** The windows of a delta, and those that follow from them. */
function* eachWindow<Content>(
  windows: Windows<Content>,
  isEachWindow: boolean,
  sizes: readonly WindowSize[],
): Generator<[Pick<ItemAddress, 'size' | 'start'>, Content]> {
  for (const [size, starts] of windows) {
    const following = isEachWindow ? [size] : sizes.slice(sizes.indexOf(size));
    for (const [start, content] of starts) {
      for (const larger of following) yield [{ size: larger, start: windowStart(larger, start) }, content];
    }
  }
}

/** A part, and of its delta what decides whether an item has it, and how long the item lives. */
export interface PendingPart {
  readonly part: ItemPart;
  readonly last: Place;
  readonly arrivedAt: number;
}

export interface MergeOptions {
  readonly retentionDays: RetentionDays;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * An item after some deltas: the one merge of compaction and of readers. Of the deltas, which come in the order of the
 * log, those count that are behind the item's place. Which values have room depends on that order alone, and not on how
 * the deltas are divided between merges.
 *
 * @param stored the item as it was read; undefined if there is none. Its content is changed.
 * @param seq the place of the result
 * @returns undefined if the item's time to live is over: nothing is left to keep
 */
export function mergedItem(
  stored: Item | undefined,
  parts: readonly PendingPart[],
  seq: Place,
  { retentionDays, now }: MergeOptions,
): Item | undefined {
  const isLive = stored !== undefined && stored.expiresAt * 1000 > now;
  // DynamoDB deletes expired items late, so an expired one counts as empty.
  const content = isLive ? stored.content : emptyContent();
  let expiresAt = isLive ? stored.expiresAt : 0;
  const room = new Room(content);
  for (const { part, last, arrivedAt } of parts) {
    if (stored !== undefined && last <= stored.seq) continue;
    room.add(part);
    expiresAt = Math.max(expiresAt, expiryOf(arrivedAt, part.address.size, retentionDays));
  }
  room.close();
  return expiresAt * 1000 > now ? { seq, expiresAt, content } : undefined;
}

/** Bytes that one counter takes at the most: its name, its dimension's, and a number of any length. */
export function counterBytes(value: string): number {
  return Buffer.byteLength(value) + 23;
}

/**
 * What bounds an item's content. Further values have no room, and count as `(other)`.
 *
 * 300 KB of counters of a dimension, where DynamoDB refuses an item above 400, so that a dimension whose values anybody
 * can make up leaves the others of its item their room; and 128 sketches of at most 899 bytes and a name of 200, which
 * is 142 KB.
 */
export const itemLimits = { counterBytes: 299_000, allCounterBytes: 340_000, sketches: 128 };

/** Adds to an item's content as long as there is room. */
class Room {
  /** Of counters, by dimension. */
  private readonly bytes = new Map<string, number>();
  private allBytes = 0;
  /** Of what was touched: sketches that are to be written anew. */
  private readonly touched = new Map<string, ReturnType<typeof decodeSketch>>();
  private other: ReturnType<typeof decodeSketch> | undefined;

  constructor(private readonly content: ItemContent) {
    for (const [dimension, { values }] of content.counts) {
      let bytes = 0;
      for (const value of values.keys()) bytes += counterBytes(value);
      this.bytes.set(dimension, bytes);
      this.allBytes += bytes;
    }
  }

  add({ counts, touches, precision }: ItemPart): void {
    for (const [dimension, counted] of counts) this.count(dimension, counted);
    for (const [value, touched] of touches) this.touch(value, touched, precision!);
  }

  private count(dimension: string, { values, other, cut }: Counts): void {
    let counts = this.content.counts.get(dimension);
    if (!counts) {
      counts = noCounts();
      this.content.counts.set(dimension, counts);
    }
    counts.other += other;
    counts.cut += cut;
    for (const [value, count] of values) {
      const known = counts.values.get(value);
      const sum = (known ?? 0) + count;
      if (known === undefined && !this.take(dimension, counterBytes(value))) {
        counts.other += count;
        continue;
      }
      counts.values.set(value, sum);
      // A correction may take away all that a value had.
      if (sum === 0) {
        counts.values.delete(value);
        this.take(dimension, -counterBytes(value));
      }
    }
  }

  /** Takes room, or gives it back; returns whether there was enough. */
  private take(dimension: string, bytes: number): boolean {
    const ofDimension = (this.bytes.get(dimension) ?? 0) + bytes;
    const ofAll = this.allBytes + bytes;
    if (ofDimension > itemLimits.counterBytes || ofAll > itemLimits.allCounterBytes) return false;
    this.bytes.set(dimension, ofDimension);
    this.allBytes = ofAll;
    return true;
  }

  private touch(value: string, touches: ReadonlySet<Touch>, precision: Precision): void {
    const { sketches } = this.content;
    let sketch = this.touched.get(value);
    if (!sketch) {
      const bytes = sketches.get(value);
      if (!bytes && sketches.size >= itemLimits.sketches) {
        this.other ??= this.content.otherSketch
          ? decodeSketch(this.content.otherSketch)
          : emptySketch(precision);
        for (const one of touches) touch(this.other, one);
        return;
      }
      sketch = bytes ? decodeSketch(bytes) : emptySketch(precision);
      this.touched.set(value, sketch);
      if (!bytes) sketches.set(value, new Uint8Array());
    }
    for (const one of touches) touch(sketch, one);
  }

  close(): void {
    for (const [value, sketch] of this.touched) this.content.sketches.set(value, encodeSketch(sketch));
    if (this.other) this.content.otherSketch = encodeSketch(this.other);
  }
}
