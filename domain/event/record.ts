import { isUtf8 } from 'node:buffer';
import { derivedNames } from '../derived/derived-fields';
import { ObjectScanner, type ScanFault } from '../json/json-scanner';
import { decodeString } from '../json/json-string';
import { Click, fields, looseFields } from './click';
import { type Field, lateAfterMs, maxEventBytes, maxFutureMs, requiredFields } from './click-event';
import { deaggregate, unpack } from './kpl';
import { parsePrintedInstant, parseTimestamp } from './timestamp';

type RequiredField = (typeof requiredFields)[number];

export type { Click };

/** Why a line is not a click event. The set is finite, so that reasons can be counted by name. */
export type RejectionReason =
  | 'empty'
  | 'too_large'
  | 'not_utf8'
  | ScanFault
  | 'reserved_field'
  | `missing_field:${RequiredField}`
  | `mistyped_field:${Field}`
  | 'bad_timestamp'
  | 'future'
  /** Said by a recomputation of a rejected record that an operator has put into the stream again, where it counts. */
  | 'resubmitted';

export interface Rejection {
  readonly ok: false;
  readonly reason: RejectionReason;
  /** The line as it was sent. */
  readonly bytes: Buffer;
}

/** What one line of a record turned out to be. */
export type Reading = Click | Rejection;

/**
 * Names that the archive writes beside the event's own. An event that brings one of them, in upper or lower case, is
 * refused: an object with two members of one name means different things to different readers.
 */
export const reservedFields: ReadonlySet<string> = new Set([
  'arrivedAt',
  'shardId',
  'sequenceNumber',
  'subSequenceNumber',
  ...derivedNames,
  'rejected',
]);

const scanner = new ObjectScanner([...fields, ...looseFields], [...reservedFields]);
/** The bits of fields are the lowest, those of reserved names the highest. */
const looseBits = ((1 << looseFields.length) - 1) << fields.length;
const firstReservedBit = 1 << (fields.length + looseFields.length);
const timestampPlace = 2 * fields.indexOf('timestamp');
const lineFeed = 0x0a;
const quote = 0x22;
const firstOfNull = 0x6e;

/**
 * Reads a record as it stands in the stream, by subsequence number: a KPL aggregate has the readings of each of its
 * records, any other record has one list. Whatever the bytes are, there is at least one reading and no exception.
 * The result depends on the arguments alone.
 *
 * @param data the record's bytes
 * @param arrivedAt epoch milliseconds at which the stream took the record
 */
export function readStreamRecord(data: Uint8Array, arrivedAt: number): readonly (readonly Reading[])[] {
  return unpack(data).map((record) => readRecord(record.data, arrivedAt));
}

/**
 * Reads a record as Firehose hands it over, aggregates unpacked: one event, or several as newline-separated JSON.
 * Blank lines do not count. There is at least one reading, always.
 *
 * An aggregate that is still there (inside another, or because nobody unpacked it) reads like one packed record
 * with all the lines of its records: so each has a place of its own, whatever place the aggregate has.
 */
export function readRecord(data: Uint8Array, arrivedAt: number): readonly Reading[] {
  const inner = deaggregate(data);
  // One of no records reads as the bytes that it is, so that its archive lines read as they were counted.
  if (!inner || inner.length === 0) return readLines(data, arrivedAt);
  return inner.flatMap((record) => readLines(record.data, arrivedAt));
}

function readLines(data: Uint8Array, arrivedAt: number): readonly Reading[] {
  const bytes = asBuffer(data);
  const readings: Reading[] = [];
  // Bad lines seldom come alone, and are read twice by who tries to read them in one go.
  let isLikelyEvent = true;
  for (let start = nextLine(bytes, 0); start < bytes.length; ) {
    const event: Click | undefined = isLikelyEvent
      ? readEventLine(bytes, start, bytes.length, arrivedAt)
      : undefined;
    const end: number = event ? event.end : lineEnd(bytes, start);
    const reading: Reading = event ?? readLine(bytes, start, end, arrivedAt);
    start = nextLine(bytes, end);
    const isPartOfMore = readings.length === 0 && start < bytes.length && isNoJson(reading);
    // An event that was printed over several lines is one event; its first line alone is not JSON.
    if (isPartOfMore && isJson(bytes)) return [readLine(bytes, 0, bytes.length, arrivedAt)];
    readings.push(reading);
    isLikelyEvent = reading.ok;
  }
  return readings.length > 0 ? readings : [{ ok: false, reason: 'empty', bytes }];
}

/**
 * Reads a record that is one event, on one line, as nearly all are: what `readRecord` would give for these bytes alone.
 * Undefined for any other record.
 *
 * @param start of the record in `bytes`
 * @param end one past its last byte
 */
export function readOnlyEvent(
  bytes: Buffer,
  start: number,
  end: number,
  arrivedAt: number,
): Click | undefined {
  const event = readEventLine(bytes, start, end, arrivedAt);
  // Behind the line's end stands nothing, or its line feed and nothing.
  return event && event.end >= end - 1 ? event : undefined;
}

/** Reads the line that begins at a place if it is an event, in one go; undefined for any other line. */
function readEventLine(bytes: Buffer, start: number, end: number, arrivedAt: number): Click | undefined {
  const lineEnds = scanner.scanLine(bytes, start, Math.min(end, start + maxEventBytes + 1));
  if (lineEnds < 0 || lineEnds - start > maxEventBytes) return undefined;
  if (!scanner.isAscii && !isUtf8(bytes.subarray(start, lineEnds))) return undefined;
  const event = eventOf(bytes, start, lineEnds, arrivedAt);
  return event instanceof Click ? event : undefined;
}

/** Reads one line as it stood in a record: what a record of this line alone comes to. */
export function readEvent(bytes: Buffer, arrivedAt: number): Reading {
  if (nextLine(bytes, 0) === bytes.length) return { ok: false, reason: 'empty', bytes };
  return readLine(bytes, 0, bytes.length, arrivedAt);
}

function readLine(bytes: Buffer, start: number, end: number, arrivedAt: number): Reading {
  const rejected = (reason: RejectionReason) => rejection(reason, bytes, start, end);
  if (end - start > maxEventBytes) return rejected('too_large');
  const fault = scanner.scan(bytes, start, end);
  if ((fault || !scanner.isAscii) && !isUtf8(bytes.subarray(start, end))) return rejected('not_utf8');
  const event = fault ?? eventOf(bytes, start, end, arrivedAt);
  return event instanceof Click ? event : rejected(event);
}

/** The event that the scanner has found, or why it is none. */
function eventOf(bytes: Buffer, start: number, end: number, arrivedAt: number): Click | RejectionReason {
  const others = (scanner.found ^ scanner.foundStrings) & ~looseBits;
  const areAllStrings = others === 0 && scanner.found < firstReservedBit;
  const reason = (areAllStrings ? undefined : unfitMember(bytes)) ?? missingField();
  if (reason) return reason;
  const at = readTimestamp(bytes, scanner.places[timestampPlace]!, scanner.places[timestampPlace + 1]!);
  if (at === undefined) return 'bad_timestamp';
  if (at - arrivedAt > maxFutureMs) return 'future';
  return new Click(bytes, start, end, at, arrivedAt - at > lateAfterMs, scanner);
}

function rejection(reason: RejectionReason, bytes: Buffer, start: number, end: number): Rejection {
  return { ok: false, reason, bytes: bytes.subarray(start, end) };
}

/** What is wrong with the first member, of those that the scanner found, that an event may not have so. */
function unfitMember(bytes: Buffer): RejectionReason | undefined {
  const { places } = scanner;
  let first = Number.POSITIVE_INFINITY;
  let reason: RejectionReason | undefined;
  for (let index = 0; index < places.length / 2; index++) {
    if (index >= fields.length && index < fields.length + looseFields.length) continue;
    const start = places[2 * index]!;
    const field = fields[index];
    if (start < 0 || (field && bytes[start] === quote)) continue;
    // A known field that is null counts as absent: many encoders write it so.
    if (field && bytes[start] === firstOfNull) places[2 * index] = -1;
    else if (start < first) {
      first = start;
      reason = field ? `mistyped_field:${field}` : 'reserved_field';
    }
  }
  return reason;
}

function missingField(): RejectionReason | undefined {
  const { places } = scanner;
  for (let index = 0; index < requiredFields.length; index++) {
    const start = places[2 * index]!;
    const isEmpty = places[2 * index + 1]! - start === '""'.length;
    if (start < 0 || isEmpty) return `missing_field:${requiredFields[index]!}`;
  }
  return undefined;
}

function readTimestamp(bytes: Buffer, start: number, end: number): number | undefined {
  return parsePrintedInstant(bytes, start + 1, end - 1) ?? parseTimestamp(decodeString(bytes, start, end));
}

function asBuffer(data: Uint8Array): Buffer {
  return Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

function isNoJson(reading: Reading): boolean {
  return !reading.ok && reading.reason === 'not_json';
}

function isJson(bytes: Buffer): boolean {
  if (bytes.length > maxEventBytes) return false;
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** Where the next line begins that holds more than blanks; the length of `bytes` if there is none. */
function nextLine(bytes: Buffer, from: number): number {
  let start = from;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === lineFeed) start = at + 1;
    else if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return start;
  }
  return bytes.length;
}

/** Where the line that begins at `start` has its line feed, or the record its end. */
function lineEnd(bytes: Buffer, start: number): number {
  const feed = bytes.indexOf(lineFeed, start);
  return feed === -1 ? bytes.length : feed;
}
