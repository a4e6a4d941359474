import { isUtf8 } from 'node:buffer';
import {
  type ClickEvent,
  lateAfterMs,
  maxEventBytes,
  maxFutureMs,
  optionalFields,
  requiredFields,
} from './click-event';
import { decodeString, type Member, type ScanFault, scanObject } from './json-scanner';
import { deaggregate, unpack } from './kpl';
import { parseTimestamp } from './timestamp';

type RequiredField = (typeof requiredFields)[number];
type Field = RequiredField | (typeof optionalFields)[number];

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

/** A click event in good order. */
export interface Click {
  readonly ok: true;
  readonly event: ClickEvent;
  /** Epoch milliseconds at which it happened. */
  readonly at: number;
  readonly late: boolean;
  /** The event as it was sent. */
  readonly bytes: Buffer;
  /** Where the closing brace of the event stands in `bytes`. */
  readonly closingBrace: number;
}

export interface Rejection {
  readonly ok: false;
  readonly reason: RejectionReason;
  /** The line as it was sent. */
  readonly bytes: Buffer;
}

/** What one line of a record turned out to be. */
export type Reading = Click | Rejection;

/**
 * Names that the archive writes beside the event's own. An event that brings one of them is refused: an object
 * with two members of one name means different things to different readers.
 */
export const reservedFields: ReadonlySet<string> = new Set([
  'arrivedAt',
  'shardId',
  'sequenceNumber',
  'subSequenceNumber',
  'deviceClass',
  'isBot',
  'referrerHost',
  'rejected',
]);

const knownFields: ReadonlySet<string> = new Set<string>([...requiredFields, ...optionalFields]);
const lineFeed = 0x0a;

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
  if (!inner) return readLines(data, arrivedAt);
  if (inner.length === 0) return [{ ok: false, reason: 'empty', bytes: asBuffer(data) }];
  return inner.flatMap((record) => readLines(record.data, arrivedAt));
}

function readLines(data: Uint8Array, arrivedAt: number): readonly Reading[] {
  const bytes = asBuffer(data);
  const lines = splitLines(bytes);
  if (lines.length === 0) return [{ ok: false, reason: 'empty', bytes }];
  const first = readLine(lines[0]!, arrivedAt);
  if (lines.length === 1) return [first];
  // An event that was printed over several lines is one event; its first line alone is not JSON.
  if (!first.ok && first.reason === 'not_json' && isJson(bytes)) return [readLine(bytes, arrivedAt)];
  return [first, ...lines.slice(1).map((line) => readLine(line, arrivedAt))];
}

/** Reads one line as it stood in a record: what a record of this line alone comes to. */
export function readEvent(bytes: Buffer, arrivedAt: number): Reading {
  return splitLines(bytes).length === 0 ? { ok: false, reason: 'empty', bytes } : readLine(bytes, arrivedAt);
}

function readLine(bytes: Buffer, arrivedAt: number): Reading {
  const rejected = (reason: RejectionReason): Rejection => ({ ok: false, reason, bytes });
  if (bytes.length > maxEventBytes) return rejected('too_large');
  if (!isUtf8(bytes)) return rejected('not_utf8');
  const scan = scanObject(bytes);
  if (!scan.ok) return rejected(scan.reason);

  const fields: Partial<Record<Field, string>> = {};
  for (const member of scan.members) {
    if (reservedFields.has(member.name)) return rejected('reserved_field');
    if (!isKnownField(member.name) || isNull(bytes, member)) continue;
    if (member.kind !== 'string') return rejected(`mistyped_field:${member.name}`);
    fields[member.name] = decodeString(bytes, member.start, member.end);
  }
  for (const name of requiredFields) {
    if (fields[name] === undefined || fields[name] === '') return rejected(`missing_field:${name}`);
  }
  const event = fields as ClickEvent;
  const at = parseTimestamp(event.timestamp);
  if (at === undefined) return rejected('bad_timestamp');
  if (at - arrivedAt > maxFutureMs) return rejected('future');
  return { ok: true, event, at, late: arrivedAt - at > lateAfterMs, bytes, closingBrace: scan.end };
}

function asBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
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

/** The lines that hold more than blanks, without their line feeds. */
function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(lineFeed, start);
    const end = feed === -1 ? bytes.length : feed;
    if (!isBlank(bytes, start, end)) lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    if (bytes[i] !== 0x20 && bytes[i] !== 0x09 && bytes[i] !== 0x0d) return false;
  }
  return true;
}

function isKnownField(name: string): name is Field {
  return knownFields.has(name);
}

/** A known field that is null counts as absent: many encoders write it so. */
function isNull(bytes: Buffer, member: Member): boolean {
  return member.kind === 'literal' && bytes[member.start] === 0x6e;
}
