import type { SeenEvent } from '../counters/fold';
import { HashList } from './hash-list';

/** The hashes of some events' ids, by the slice of time in which they arrived. */
export interface SeenIds {
  readonly sliceMs: number;
  readonly bySlice: ReadonlyMap<number, HashList>;
}

/** @param events in any order; an id that comes twice in a slice stands twice */
export function seenIds(events: readonly SeenEvent[], sliceMs: number): SeenIds {
  const bySlice = new Map<number, HashList>();
  let slice = Number.NaN;
  let hashes = new HashList();
  for (const { hash, arrivedAt } of events) {
    const next = Math.floor(arrivedAt / sliceMs);
    if (next !== slice) {
      slice = next;
      hashes = bySlice.get(slice) ?? new HashList();
      bySlice.set(slice, hashes);
    }
    hashes.add(hash);
  }
  return { sliceMs, bySlice };
}

/**
 * The same ids by slices of another length, each taken to have arrived in the middle of its slice. So a change of the
 * horizon does not forget what was seen before it.
 */
export function inSlicesOf(ids: SeenIds, sliceMs: number): SeenIds {
  if (ids.sliceMs === sliceMs) return ids;
  const bySlice = new Map<number, HashList>();
  for (const [slice, hashes] of ids.bySlice) {
    const converted = Math.floor(((slice + 0.5) * ids.sliceMs) / sliceMs);
    const list = bySlice.get(converted) ?? new HashList();
    bySlice.set(converted, list);
    for (const hash of hashes) list.add(hash);
  }
  return { sliceMs, bySlice };
}

const headerBytes = 8;
const bytesOfHash = 8;

/** Big-endian, 32 bits each: by slice its number, a count, and the two halves of so many hashes. */
export function encodeIds({ bySlice }: SeenIds): Uint8Array {
  let size = 0;
  for (const { length } of bySlice.values()) size += headerBytes + length * bytesOfHash;
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const [slice, hashes] of bySlice) {
    at = bytes.writeUInt32BE(slice, at);
    at = bytes.writeUInt32BE(hashes.length, at);
    for (const { high, low } of hashes) {
      at = bytes.writeUInt32BE(high, at);
      at = bytes.writeUInt32BE(low, at);
    }
  }
  return bytes;
}

/** @throws RangeError for bytes that end too early */
export function decodeIds(encoded: Uint8Array, sliceMs: number): SeenIds {
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const bySlice = new Map<number, HashList>();
  for (let at = 0; at < bytes.length; ) {
    const slice = bytes.readUInt32BE(at);
    const count = bytes.readUInt32BE(at + 4);
    at += headerBytes;
    const hashes = bySlice.get(slice) ?? new HashList();
    bySlice.set(slice, hashes);
    for (let i = 0; i < count; i++, at += bytesOfHash) {
      hashes.add({ high: bytes.readUInt32BE(at), low: bytes.readUInt32BE(at + 4) });
    }
  }
  return { sliceMs, bySlice };
}
