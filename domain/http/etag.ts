import { createHash } from 'node:crypto';

/** The entity tag of a body, in its quotes: another one for any other body. */
export function etagOf(body: string | Uint8Array): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
}
