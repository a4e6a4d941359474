import { parseTimestamp } from '../domain/event/timestamp';
import { parseObject } from '../domain/json/json-object';
import { ObjectScanner } from '../domain/json/json-scanner';
import { partitionKeyOf } from '../producer/client/outgoing-event';
import type { LineReader } from './line-reader';

/**
 * One JSON object a line, sent byte for byte. Whether it is a click event is for the pipeline to say, so that what is
 * wrong with it is counted and archived there; a line that is no JSON object at all is not sent.
 *
 * @param keyField the member that keys the event
 */
export function createNdjsonReader(keyField = 'visitorId'): LineReader {
  return (line) => {
    const value = parseObject(line.toString('utf8'));
    if (!value) return { ok: false, reason: 'not a JSON object' };
    const at = typeof value.timestamp === 'string' ? parseTimestamp(value.timestamp) : undefined;
    const partitionKey = partitionKeyOf(keyText(value[keyField]), line);
    return {
      ok: true,
      at,
      page: typeof value.page === 'string' ? value.page : undefined,
      outgoing: (told) => ({
        data: told === undefined || told === at ? line : withTimestamp(line, told),
        partitionKey,
      }),
    };
  };
}

/** A member's value as the text of a partition key; undefined if it is none. */
export function keyText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

const scanner = new ObjectScanner(['timestamp']);

/** Replaces the timestamp's text and no other byte. */
function withTimestamp(line: Buffer, at: number): Buffer {
  // What the scanner refuses (a name twice, nested too deep) the pipeline refuses too: its time does not matter.
  if (scanner.scan(line)) return line;
  const [start, end] = scanner.places;
  if (start! < 0) return line;
  return Buffer.concat([
    line.subarray(0, start),
    Buffer.from(JSON.stringify(new Date(at).toISOString())),
    line.subarray(end),
  ]);
}
