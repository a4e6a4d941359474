import { createHash } from 'node:crypto';
import { parseTimestamp } from '../../domain/timestamp';
import { outgoingEvent } from '../outgoing-event';
import type { SourceItem } from './event-source';

/** A log line's fields as logged, each byte one character (Latin-1), escapes kept. */
interface LogFields {
  readonly ip: string;
  readonly time: string;
  readonly request: string;
  readonly referrer: string;
  readonly userAgent: string;
}

/** Bounds what one line can cost; servers limit a request's head to a fraction of it. */
const longestLine = 1024 * 1024;

// In quoted fields Apache writes a quote as \" and nginx as \x22, so an unescaped one ends the field.
const quoted = String.raw`"((?:[^"\\]|\\[^])*)"`;
// Formats built on the combined one append fields; they are passed over.
const more = String.raw`(?: (?:"(?:[^"\\]|\\[^])*"|[^" ]+))*`;
const combinedLine = new RegExp(
  String.raw`^([^ ]+) [^ ]+ [^"]+? \[([^\]"]{0,40})\] ${quoted} \d{3} (?:\d+|-) ${quoted} ${quoted}${more}$`,
);
const requestLine = /^[A-Za-z][\w!#$%&'*+.^`|~-]* ([^ ]+)(?: HTTP\/\d+(?:\.\d+)?)?$/;
const logTime = /^(\d{2})\/(\w{3})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{4})$/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * A line of an access log in the combined format of Apache and nginx, as an event of type `request`. `page` is the
 * request target without its query; `visitorId` and `eventId` are the first 32 hex digits of SHA-256 over
 * address LF user agent, and over line number LF line, both over the logged bytes. The address itself is not kept.
 */
export function combinedEvent(line: Buffer, number: number, shiftMs: number): SourceItem {
  const unreadable = (reason: string): SourceItem => ({ ok: false, line: number, reason });
  const fields = parseFields(line);
  if (!fields) return unreadable('not a line of a combined access log');
  const target = requestLine.exec(fields.request)?.[1];
  if (target === undefined) return unreadable('its request is not "METHOD target HTTP/x"');
  const at = parseLogTime(fields.time);
  if (at === undefined) return unreadable('its time is not a valid "dd/Mon/yyyy:hh:mm:ss +hhmm"');
  const event = {
    eventId: hash32(`${number}\n`, line),
    type: 'request',
    timestamp: new Date(at + shiftMs).toISOString(),
    visitorId: hash32(Buffer.from(`${fields.ip}\n${fields.userAgent}`, 'latin1')),
    page: decoded(target.split('?', 1)[0]!),
    referrer: decoded(fields.referrer),
    userAgent: decoded(fields.userAgent),
  };
  return { ok: true, line: number, at, ...outgoingEvent(event) };
}

function parseFields(line: Buffer): LogFields | undefined {
  if (line.length > longestLine) return undefined;
  const match = combinedLine.exec(line.toString('latin1'));
  if (!match) return undefined;
  const [, ip = '', time = '', request = '', referrer = '', userAgent = ''] = match;
  return { ip, time, request, referrer, userAgent };
}

/** `17/May/2015:10:05:03 +0000` in epoch milliseconds. */
function parseLogTime(text: string): number | undefined {
  const [, day, month = '', year, time, zone] = logTime.exec(text) ?? [];
  const monthNumber = String(months.indexOf(month) + 1).padStart(2, '0');
  return parseTimestamp(`${year}-${monthNumber}-${day}T${time}${zone}`);
}

/** The text of logged bytes; bytes that are not UTF-8 become U+FFFD. */
function decoded(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}

function hash32(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 32);
}
