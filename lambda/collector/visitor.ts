import { createHmac } from 'node:crypto';

/** 128 bits, in characters of base64. */
const idCharacters = 22;

/**
 * Who sends, for a day: two requests of one address and user agent on one site have the same id, and nobody who lacks the
 * day's salt can tell whose it is, or that it is somebody's of another site or day.
 *
 * @param origin of the page; undefined where no browser sends
 */
export function visitorHash(
  salt: Uint8Array,
  { origin = '', address, userAgent }: { origin?: string | undefined; address: string; userAgent: string },
): string {
  const hash = createHmac('sha256', salt).update(JSON.stringify([origin, address, userAgent]));
  return hash.digest('base64url').slice(0, idCharacters);
}
