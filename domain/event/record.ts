import { isUtf8 } from 'node:buffer';
import { derivedNames } from '../derived/derived-fields';
import { ObjectScanner, type ScanFault } from '../json/json-scanner';
import { decodeString } from '../json/json-string';
import { Click, fields, looseFields } from './click';
import { type Field, lateAfterMs, maxEventBytes, maxFutureMs, requiredFields } from './click-event';
import { deaggregate, unpack } from './kpl';
import { parseTimestamp } from './timestamp';

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
/** From here on, places are those of reserved names. */
const reservedPlace = 2 * (fields.length + looseFields.length);
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
  for (let start = nextLine(bytes, 0); start < bytes.length; ) {
    const end = lineEnd(bytes, start);
    const isWhole = start === 0 && end === bytes.length;
    const reading = readLine(isWhole ? bytes : bytes.subarray(start, end), arrivedAt);
    start = nextLine(bytes, end);
    const isPartOfMore = readings.length === 0 && start < bytes.length && isNoJson(reading);
    // An event that was printed over several lines is one event; its first line alone is not JSON.
    if (isPartOfMore && isJson(bytes)) return [readLine(bytes, arrivedAt)];
    readings.push(reading);
  }
  return readings.length > 0 ? readings : [{ ok: false, reason: 'empty', bytes }];
}

/** Reads one line as it stood in a record: what a record of this line alone comes to. */
export function readEvent(bytes: Buffer, arrivedAt: number): Reading {
  if (nextLine(bytes, 0) === bytes.length) return { ok: false, reason: 'empty', bytes };
  return readLine(bytes, arrivedAt);
}

function readLine(bytes: Buffer, arrivedAt: number): Reading {
  const rejected = (reason: RejectionReason) => ({ ok: false, reason, bytes }) as const;
  if (bytes.length > maxEventBytes) return rejected('too_large');
  const fault = scanner.scan(bytes);
  if ((fault || !scanner.isAscii) && !isUtf8(bytes)) return rejected('not_utf8');
  const reason = fault ?? unfitMember(bytes) ?? missingField();
  if (reason) return rejected(reason);
  const { places, closingBrace, isAscii } = scanner;
  const at = parseTimestamp(
    decodeString(bytes, places[timestampPlace]!, places[timestampPlace + 1]!, isAscii ? 'latin1' : 'utf8'),
  );
  if (at === undefined) return rejected('bad_timestamp');
  if (at - arrivedAt > maxFutureMs) return rejected('future');
  const isLate = arrivedAt - at > lateAfterMs;
  return new Click(bytes, at, isLate, closingBrace, isAscii, places.slice(0, reservedPlace));
}

/** What is wrong with the first member, of those that the scanner found, that an event may not have so. */
function unfitMember(bytes: Buffer): RejectionReason | undefined {
  const { places } = scanner;
  let first = Number.POSITIVE_INFINITY;
  let reason: RejectionReason | undefined;
  for (let place = 0; place < places.length; place += 2) {
    const start = places[place]!;
    const field = fields[place / 2];
    const isLoose = !field && place < reservedPlace;
    if (start < 0 || isLoose || (field && bytes[start] === quote)) continue;
    // A known field that is null counts as absent: many encoders write it so.
    if (field && bytes[start] === firstOfNull) places[place] = -1;
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
