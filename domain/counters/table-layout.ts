import type { ItemAddress } from './item';
import { formatWindow, isWindowSize } from './window';

/** The attributes of the aggregates table's items, entries and deltas. Those that count a value are named by `countAttribute`. */
export const TableAttributes = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Time to live, in epoch seconds. */
  timeToLive: 'expiresAt',

  /** Of an item: the place up to which deltas are in it. */
  seq: 'seq',
  /** Of an item that is too large to be readable: what it counts, as JSON, raw deflate. */
  packed: 'packed',

  /** Of a shard's entry: the place up to which its log is in the items, and since when. */
  compactedTo: 'compactedTo',
  compactedAt: 'compactedAt',
  /** The latest arrival that is in the items. */
  countedUntil: 'countedUntil',
  /** Until when functions may append to the shard's log without reading its entry again. */
  activeUntil: 'activeUntil',
  /** Nothing is pending, and nothing can be appended before the entry is renewed. */
  settled: 'settled',

  /** Of a delta; its sort key is the place of its predecessor. */
  first: 'first',
  last: 'last',
  kind: 'kind',
  covers: 'covers',
  arrived: 'arrived',
  idsToken: 'idsToken',
  body: 'body',

  /** Of the ids of a delta: length of a slice in milliseconds, and hashes by slice. */
  sliceMs: 'sliceMs',
  ids: 'ids',
} as const;

export interface TableKey {
  readonly pk: string;
  readonly sk: string;
}

/** The partition in which every shard has an entry. */
export const shardsPartition = 'shards';

const logPrefix = 'log#';
const idsPrefix = 'ids#';

/** @param shardKey `stream/shardId`, so that a replaced stream, whose shards are named anew, begins anew */
export function entryKey(shardKey: string): TableKey {
  return { pk: shardsPartition, sk: shardKey };
}

export function logPartition(shardKey: string): string {
  return `${logPrefix}${shardKey}`;
}

export function idsKey(shardKey: string, last: string, token: string): TableKey {
  return { pk: `${idsPrefix}${shardKey}`, sk: `${last}#${token}` };
}

/** How the partition keys that the aggregator writes begin; all others are compaction's. */
export const aggregatorPartitions: readonly string[] = [shardsPartition, `${logPrefix}*`, `${idsPrefix}*`];

/** For example `page#3`. */
export function itemPartition(group: string, bucket: number): string {
  return `${group}#${bucket}`;
}

/** For example `page#3` and `minute#2026-01-31T09:30:00Z#my-stream/shardId-000000000000`. */
export function itemKey({ group, bucket, size, start }: ItemAddress, shardKey: string): TableKey {
  return { pk: itemPartition(group, bucket), sk: `${size}#${formatWindow(start)}#${shardKey}` };
}

/** What an item's key says; undefined for the key of anything else. */
export function readItemKey({ pk, sk }: TableKey): (ItemAddress & { readonly shardKey: string }) | undefined {
  const [size, window = '', ...shardKey] = sk.split('#');
  const [group, bucket] = pk.split('#');
  if (group === undefined || bucket === undefined || !isWindowSize(size)) return undefined;
  const start = Date.parse(window);
  return Number.isNaN(start)
    ? undefined
    : { group, bucket: Number(bucket), size, start, shardKey: shardKey.join('#') };
}

/** A key as one text, to tell items apart by. */
export function keyId({ pk, sk }: TableKey): string {
  return `${pk} ${sk}`;
}

/** Names that no dimension may have, since attributes and partitions are called so. */
export const reservedDimensionNames: readonly string[] = [
  'other',
  'cut',
  'sketch',
  'summary',
  'log',
  'ids',
  shardsPartition,
];
