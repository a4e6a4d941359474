import { formatWindow, type WindowSize } from './window';

/**
 * The attributes of an item of the aggregates table. Every counted value has an attribute of its own, named by
 * `countAttribute`; no value can collide with the names here, since none of them starts like those.
 */
export const AggregatesTable = {
  /** `dimension#bucket`, for example `page#17`. */
  partitionKey: 'pk',
  /** `window#start#shard`, for example `minute#2026-01-31T09:30:00Z#my-stream/shardId-000000000000`. */
  sortKey: 'sk',
  /** Position of the last event that the item has counted. */
  position: 'seq',
  /** Time to live, in epoch seconds. */
  timeToLive: 'expiresAt',
  /** Bytes that the counters take at the most; exact or above, so that the cap holds without a read. */
  sizeBound: 'sizeBound',
  /** Events of values for which the item had no room. */
  other: 'other',
  /** Events whose value was longer than `maxValueBytes`, and was cut. */
  cut: 'cut',
} as const;

export interface CounterKey {
  readonly pk: string;
  readonly sk: string;
}

const countPrefix = 'n:';

/** How readers show the events of values for which an item had no room. */
export const otherValue = '(other)';

/** @param shard `stream/shardId`, so that a replaced stream, whose shards are named anew, gets items of its own */
export function counterKey(
  dimension: string,
  bucket: number,
  window: WindowSize,
  start: number,
  shard: string,
): CounterKey {
  return { pk: partitionKey(dimension, bucket), sk: `${window}#${formatWindow(start)}#${shard}` };
}

/** What a partition key is made of. */
export function readPartitionKey({ pk }: Pick<CounterKey, 'pk'>) {
  const [dimension = '', bucket = ''] = pk.split('#');
  return { dimension, bucket: Number(bucket) };
}

/** What a sort key is made of, as text. */
export function readSortKey({ sk }: Pick<CounterKey, 'sk'>) {
  const [window = '', start = '', ...shard] = sk.split('#');
  return { window, start, shard: shard.join('#') };
}

/** A key as the attributes of an item. */
export function keyAttributes({ pk, sk }: CounterKey) {
  return { [AggregatesTable.partitionKey]: { S: pk }, [AggregatesTable.sortKey]: { S: sk } };
}

/** The key of an item of the table. */
export function keyOf(item: Readonly<Record<string, { readonly S?: string | undefined }>>): CounterKey {
  return { pk: item[AggregatesTable.partitionKey]?.S ?? '', sk: item[AggregatesTable.sortKey]?.S ?? '' };
}

/** A key as one text, to tell items apart by. */
export function itemId({ pk, sk }: CounterKey): string {
  return `${pk} ${sk}`;
}

export function partitionKey(dimension: string, bucket: number): string {
  return `${dimension}#${bucket}`;
}

export function countAttribute(value: string): string {
  return countPrefix + value;
}

/** The value that an attribute counts; undefined for the item's other attributes. */
export function countedValue(attribute: string): string | undefined {
  return attribute.startsWith(countPrefix) ? attribute.slice(countPrefix.length) : undefined;
}

/** Bytes of an item that one counter takes: its name, and a number of any length (21 bytes at the most). */
export function counterBytes(value: string): number {
  return Buffer.byteLength(countAttribute(value)) + 21;
}

/**
 * Bytes of counters that an item takes: 300 KB less what its keys and other attributes need. DynamoDB refuses an
 * item above 400 KB, and a write is charged by the item's size.
 */
export const maxCounterBytes = 300_000 - 1_000;
