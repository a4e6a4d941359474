/** FNV-1a, 32 bits, over the UTF-8 bytes. Spreads values over buckets; it is stored data, so it never changes. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** The bucket of a value, from 0. */
export function bucketOf(value: string, buckets: number): number {
  return buckets === 1 ? 0 : fnv1a(value) % buckets;
}
