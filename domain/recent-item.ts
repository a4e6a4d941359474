import type { CounterKey } from './counter-item';
import { HashList } from './hash-list';
import type { Hash64 } from './hash64';
import type { Position } from './position';
import { hashKey, type RecentChunk, type Repeat } from './recent-chunk';

/** The attribute that holds a chunk's bytes. */
export const recentAttribute = 'recent';

const partitionPrefix = 'recent#';

/**
 * No dimension is called `recent`, so that no counter has such a key. The length of the slices is in it, because
 * slices of another length mean other times: after a change of the horizon the chunks begin anew.
 *
 * @param shard `stream/shardId`
 */
export function recentPartitionKey(shard: string, sliceMs: number): string {
  return `${partitionPrefix}${sliceMs}#${shard}`;
}

/** Whether an item of the table is a chunk of recent events. */
export function isRecentKey(partitionKey: string): boolean {
  return partitionKey.startsWith(partitionPrefix);
}

export function recentKey(shard: string, sliceMs: number, { first, last }: RecentChunk): CounterKey {
  return { pk: recentPartitionKey(shard, sliceMs), sk: recentSortKey(last, first) };
}

/** By the last position, so that what a batch needs lies before its own; `#` sorts before all that positions hold. */
export function recentSortKey(last: Position, first: Position): string {
  return `${last}#${first}`;
}

const version = 1;
const headerBytes = 8;
const bytesOfHash = 8;

/**
 * Big-endian: version and three bytes of zero, the number of slices; by slice its number, a count and so many hashes;
 * the number of repeats; by repeat its hash, a count and so many events, each its slice, a length and the position
 * without what the chunk's first and last position have in common (which every position between them shares).
 */
export function encodeChunk(chunk: RecentChunk): Uint8Array {
  const shared = sharedLength(chunk.first, chunk.last);
  const repeats = [...chunk.repeats.values()];
  let size = headerBytes + 4;
  for (const hashes of chunk.hashesBySlice.values()) size += headerBytes + hashes.length * bytesOfHash;
  for (const { events } of repeats) {
    size += bytesOfHash + 4;
    for (const { position } of events) size += 5 + position.length - shared;
  }
  const bytes = Buffer.alloc(size);
  let at = 0;
  const u32 = (value: number): void => {
    at = bytes.writeUInt32BE(value, at);
  };
  const hash = ({ high, low }: Hash64): void => {
    u32(high);
    u32(low);
  };
  u32(version << 24);
  u32(chunk.hashesBySlice.size);
  for (const [slice, hashes] of chunk.hashesBySlice) {
    u32(slice);
    u32(hashes.length);
    for (const each of hashes) hash(each);
  }
  u32(repeats.length);
  for (const repeat of repeats) {
    hash(repeat.hash);
    u32(repeat.events.length);
    for (const { slice, position } of repeat.events) {
      u32(slice);
      at = bytes.writeUInt8(position.length - shared, at);
      at += bytes.write(position.slice(shared), at, 'latin1');
    }
  }
  return bytes;
}

/**
 * @param sortKey the item's, which has the first and the last position
 * @throws Error for bytes that `encodeChunk` did not write
 */
export function decodeChunk(sortKey: string, data: Uint8Array): RecentChunk {
  const [last, first] = sortKey.split('#');
  if (last === undefined || first === undefined || data[0] !== version) {
    throw new Error(`recent events at "${sortKey}": version ${data[0]} is not known`);
  }
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const common = first.slice(0, sharedLength(first, last));
  let at = 4;
  const u32 = (): number => {
    const value = bytes.readUInt32BE(at);
    at += 4;
    return value;
  };
  const hash = (): Hash64 => ({ high: u32(), low: u32() });

  const hashesBySlice = new Map<number, HashList>();
  for (let slices = u32(); slices > 0; slices--) {
    const slice = u32();
    const hashes = new HashList();
    for (let left = u32(); left > 0; left--) hashes.add(hash());
    hashesBySlice.set(slice, hashes);
  }
  const repeats = new Map<string, Repeat>();
  for (let left = u32(); left > 0; left--) {
    const repeated = hash();
    const events = Array.from({ length: u32() }, () => {
      const slice = u32();
      const length = bytes.readUInt8(at++);
      const position = common + bytes.toString('latin1', at, at + length);
      at += length;
      return { position, slice };
    });
    repeats.set(hashKey(repeated), { hash: repeated, events });
  }
  return { first, last, hashesBySlice, repeats };
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}
