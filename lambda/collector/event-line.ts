import { parseTimestamp } from '../../domain/event/timestamp';
import { ObjectScanner } from '../../domain/json/json-scanner';
import { decodeString } from '../../domain/json/json-string';
import type { VisitorIdSource } from './contract';

/** What the collector knows of the events of a request. */
export interface Sender {
  /** The hash of whoever sends. */
  readonly visitorId: string;
  /** The header; '' for none. */
  readonly userAgent: string;
  /** What the sender's clock lacks to ours, in milliseconds. */
  readonly skewMs: number;
  readonly visitorIds: VisitorIdSource;
}

/** An event as a line of a record, or why it is none. */
export type EventLine =
  | { readonly ok: true; readonly line: Buffer; readonly partitionKey: string | undefined }
  | { readonly ok: false; readonly reason: 'visitor_id_not_allowed' };

const names = ['visitorId', 'userAgent', 'timestamp', 'clientTimestamp', 'sessionId'] as const;
/** What an event may go without, and so without a second one that differs in case alone, which no event may have. */
const spared = ['userAgent', 'clientTimestamp'] as const;
const scanner = new ObjectScanner(names, spared);
/** Characters of a user agent that anybody reads. */
const longestUserAgent = 1_024;
const quote = 0x22;
const firstOfNull = 0x6e;

/**
 * Puts into an event what its sender cannot or should not say: the visitor's id, the user agent, the time by our clock.
 * All else stays byte for byte. What is no event stays as it is, for the parser to say why.
 */
export function eventLine(event: Buffer, sender: Sender): EventLine {
  if (scanner.scan(event)) return { ok: true, line: event, partitionKey: undefined };
  const { closingBrace } = scanner;
  const places = Object.fromEntries(
    names.map((name, index) => [
      name,
      { start: scanner.places[2 * index]!, end: scanner.places[2 * index + 1]! },
    ]),
  ) as Record<(typeof names)[number], { start: number; end: number }>;
  /** A known field that is null counts as absent. */
  const isThere = (name: (typeof names)[number]) =>
    places[name].start >= 0 && event[places[name].start] !== firstOfNull;
  const textOf = (name: (typeof names)[number]): string | undefined => {
    const { start, end } = places[name];
    return start >= 0 && event[start] === quote ? decodeString(event, start, end) : undefined;
  };

  const hasInOtherCase = (index: number) => scanner.places[2 * (names.length + index)]! >= 0;
  const edits: { start: number; end: number; text: string }[] = [];
  const hasMembers = event.subarray(event.indexOf('{') + 1, closingBrace).some((byte) => byte > 0x20);
  let added = '';
  const set = (name: (typeof names)[number], json: string): void => {
    const { start, end } = places[name];
    if (start >= 0) edits.push({ start, end, text: json });
    else if (!spared.some((other, index) => other === name && hasInOtherCase(index)))
      added += `${hasMembers || added !== '' ? ',' : ''}"${name}":${json}`;
  };

  const ownVisitor = isThere('visitorId');
  if (ownVisitor && sender.visitorIds === 'hashed') return { ok: false, reason: 'visitor_id_not_allowed' };
  if (!ownVisitor) set('visitorId', JSON.stringify(sender.visitorId));
  if (!isThere('userAgent') && sender.userAgent !== '') {
    set('userAgent', JSON.stringify(sender.userAgent.slice(0, longestUserAgent).toWellFormed()));
  }
  const timestamp = textOf('timestamp');
  const at = timestamp === undefined ? undefined : parseTimestamp(timestamp);
  const mended = at === undefined ? undefined : isoOf(at + sender.skewMs);
  if (sender.skewMs !== 0 && timestamp !== undefined && mended !== undefined) {
    set('timestamp', JSON.stringify(mended));
    if (!isThere('clientTimestamp')) set('clientTimestamp', JSON.stringify(timestamp));
  }
  edits.push({ start: closingBrace, end: closingBrace, text: added });
  // A hash changes with the address and at midnight. The session stays, and so its copies stay in one shard, where
  // they are recognized.
  const key = ownVisitor ? textOf('visitorId') : textOf('sessionId') || sender.visitorId;
  return { ok: true, line: onOneLine(edited(event, edits)), partitionKey: key };
}

/** Undefined for an instant that the timestamp of an event cannot be. */
function isoOf(at: number): string | undefined {
  const year = new Date(at).getUTCFullYear();
  return year >= 1970 && year <= 9999 ? new Date(at).toISOString() : undefined;
}

function edited(
  event: Buffer,
  edits: readonly { readonly start: number; readonly end: number; readonly text: string }[],
): Buffer {
  const parts: Buffer[] = [];
  let done = 0;
  for (const { start, end, text } of edits.toSorted((one, other) => one.start - other.start)) {
    parts.push(event.subarray(done, start), Buffer.from(text));
    done = end;
  }
  return Buffer.concat([...parts, event.subarray(done)]);
}

/** Line breaks that stand raw in JSON are blanks between its parts; a record has one event a line. Changes the buffer. */
function onOneLine(line: Buffer): Buffer {
  for (let at = 0; at < line.length; at++) if (line[at] === 0x0a || line[at] === 0x0d) line[at] = 0x20;
  return line;
}
