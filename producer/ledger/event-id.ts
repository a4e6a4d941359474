import { parseObject, textIn } from '../../domain/json/json-object';

/** The `eventId` of an event's bytes; undefined where they name none, or are no JSON object. */
export function eventIdIn(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return textIn(parseObject(text), 'eventId');
}
