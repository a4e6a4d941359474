import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Counts, noCounts } from '../domain/counters/delta';
import { emptyContent, type Item, type ItemContent } from '../domain/counters/item';
import { TableAttributes as names, type TableKey } from '../domain/counters/table-layout';

export type Attributes = Record<string, AttributeValue>;

/**
 * The attribute that counts a value of a dimension: `type:page_view`. An item that stays within a kilobyte has one for
 * each value, so that a person can read it; a larger one has them packed, in a third of the bytes that are paid for.
 */
export function countAttribute(dimension: string, value: string): string {
  return `${dimension}:${value}`;
}

const otherPrefix = 'other:';
const cutPrefix = 'cut:';
const sketchPrefix = 'sketch:';
/** The sketch of all values that have none of their own. */
const otherSketch = 'other';

/** A write unit. */
const readableBytes = 1_024;

export function keyAttributes({ pk, sk }: TableKey): Attributes {
  return { [names.partitionKey]: { S: pk }, [names.sortKey]: { S: sk } };
}

export function keyOf(item: Attributes): TableKey {
  return { pk: item[names.partitionKey]?.S ?? '', sk: item[names.sortKey]?.S ?? '' };
}

export function itemAttributes({ seq, expiresAt, content }: Item): Attributes {
  const attributes: Attributes = {
    [names.seq]: { S: seq },
    [names.timeToLive]: { N: String(expiresAt) },
  };
  for (const [dimension, { other, cut }] of content.counts) {
    if (other !== 0) attributes[otherPrefix + dimension] = { N: String(other) };
    if (cut !== 0) attributes[cutPrefix + dimension] = { N: String(cut) };
  }
  for (const [value, bytes] of content.sketches) attributes[sketchPrefix + value] = { B: bytes };
  if (content.otherSketch) attributes[otherSketch] = { B: content.otherSketch };
  if (isReadable(content)) {
    for (const [dimension, { values }] of content.counts) {
      for (const [value, count] of values) {
        attributes[countAttribute(dimension, value)] = { N: String(count) };
      }
    }
  } else {
    attributes[names.packed] = { B: pack(content.counts) };
  }
  return attributes;
}

/** @throws RangeError for an item without a place, which nobody of this pipeline has written */
export function readItem(attributes: Attributes): Item {
  const seq = attributes[names.seq]?.S;
  if (seq === undefined) {
    const { pk, sk } = keyOf(attributes);
    throw new RangeError(`item ${pk} ${sk} has no attribute ${names.seq}`);
  }
  const content = emptyContent();
  const countsOf = (dimension: string): Counts => {
    const known = content.counts.get(dimension);
    if (known) return known;
    const made = noCounts();
    content.counts.set(dimension, made);
    return made;
  };
  const packed = attributes[names.packed]?.B;
  if (packed) content.counts = unpack(packed);
  for (const [name, { N, B }] of Object.entries(attributes)) {
    if (B && name.startsWith(sketchPrefix)) {
      // A copy: the client's bytes are a view of a larger block, all of which would be kept.
      content.sketches.set(name.slice(sketchPrefix.length), new Uint8Array(B));
    } else if (B && name === otherSketch) content.otherSketch = new Uint8Array(B);
    else if (N === undefined || name === names.timeToLive) continue;
    else if (name.startsWith(otherPrefix)) countsOf(name.slice(otherPrefix.length)).other = Number(N);
    else if (name.startsWith(cutPrefix)) countsOf(name.slice(cutPrefix.length)).cut = Number(N);
    else {
      const colon = name.indexOf(':');
      if (colon > 0) countsOf(name.slice(0, colon)).values.set(name.slice(colon + 1), Number(N));
    }
  }
  return { seq, expiresAt: Number(attributes[names.timeToLive]?.N), content };
}

/** Whether an item with its counts as attributes is charged no more than it is with them packed: one unit. */
function isReadable({ counts, sketches }: ItemContent): boolean {
  if (sketches.size > 0) return true;
  // Keys, place and time to live of an item, with a stream's name of ordinary length.
  let bytes = 300;
  for (const [dimension, { values }] of counts) {
    for (const [value, count] of values) {
      bytes += dimension.length + 1 + Buffer.byteLength(value) + 2 + Math.ceil(String(count).length / 2);
    }
    if (bytes > readableBytes) return false;
  }
  return true;
}

/** By dimension: values, and their counts. */
type Packed = Readonly<Record<string, readonly [readonly string[], readonly number[]]>>;

function pack(counts: ReadonlyMap<string, Counts>): Uint8Array {
  const packed: Packed = Object.fromEntries(
    [...counts].map(([dimension, { values }]) => [dimension, [[...values.keys()], [...values.values()]]]),
  );
  return deflateRawSync(JSON.stringify(packed));
}

function unpack(bytes: Uint8Array): Map<string, Counts> {
  const packed = JSON.parse(inflateRawSync(bytes).toString('utf8')) as Packed;
  return new Map(
    Object.entries(packed).map(([dimension, [values, counts]]) => {
      const unpacked = noCounts();
      for (const [index, value] of values.entries()) unpacked.values.set(value, counts[index]!);
      return [dimension, unpacked];
    }),
  );
}
