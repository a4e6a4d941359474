import { isObject } from './line';

/** The `eventId` of an event's bytes; undefined where they name none, or are no JSON object. */
export function eventIdIn(bytes: Uint8Array): string | undefined {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    const value: unknown = JSON.parse(text);
    return isObject(value) && typeof value.eventId === 'string' ? value.eventId : undefined;
  } catch {
    return undefined;
  }
}
