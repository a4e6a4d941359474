import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';

/** Whether a header holds the secret, in a time that does not tell how much of it is right. */
export function isSameSecret(given: string | undefined, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return given !== undefined && timingSafeEqual(digest(given), digest(secret));
}

/**
 * The address in `CloudFront-Viewer-Address`: `198.51.100.10:46532`, and of IPv6 the same without brackets.
 * @returns undefined for what is no address with a port
 */
export function viewerAddress(header: string | undefined): string | undefined {
  const [, address = ''] = /^\[?([0-9a-f.:]+?)\]?:\d{1,5}$/i.exec(header ?? '') ?? [];
  return isIP(address) === 0 ? undefined : address;
}
