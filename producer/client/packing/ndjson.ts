import { type OutgoingEvent, sizeBytes } from '../outgoing-event';
import type { OpenRecord } from './open-record';

const lineFeed = 0x0a;
const openingBrace = 0x7b;
const closingBrace = 0x7d;

/**
 * Whether an event can be a line among others. One that holds a line feed would be read as several. One that is not
 * `{…}` from the first byte to the last would be skipped if it is blank, and two such lines could read as one event
 * that was printed over two.
 */
function isLine({ data }: OutgoingEvent): boolean {
  return data[0] === openingBrace && data[data.length - 1] === closingBrace && !data.includes(lineFeed);
}

/** Begins a record of events joined by line feeds, of at most `limit` bytes with the first event's key. */
export function beginLines(first: OutgoingEvent, limit: number): OpenRecord | undefined {
  if (!isLine(first)) return undefined;
  const lines = [first.data];
  let bytes = sizeBytes(first);
  return {
    add(event) {
      const more = 1 + event.data.length;
      if (bytes + more > limit || !isLine(event)) return false;
      bytes += more;
      lines.push(event.data);
      return true;
    },
    seal: () => joinLines(lines),
  };
}

function joinLines(lines: readonly Uint8Array[]): Uint8Array {
  const joined = Buffer.allocUnsafe(lines.reduce((sum, { length }) => sum + length + 1, -1));
  let end = 0;
  for (const line of lines) {
    if (end > 0) joined[end++] = lineFeed;
    joined.set(line, end);
    end += line.length;
  }
  return joined;
}
