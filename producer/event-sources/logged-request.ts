import { createHash } from 'node:crypto';
import { parseTimestamp } from '../../domain/timestamp';
import { outgoingEvent } from '../outgoing-event';
import type { LinePlace, LineReading } from './line-reader';

/** A request as a server logged it. Texts are bytes, each one character (Latin-1). */
export interface LoggedRequest {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly address: string;
  /** The request target, query included. */
  readonly target: string;
  /** Undefined where the log has no such field. */
  readonly referrer: string | undefined;
  readonly userAgent: string | undefined;
}

/** Bounds what one line can cost, in bytes; servers limit a request's head to a fraction of it. */
export const longestLoggedLine = 1024 * 1024;

const requestLine = /^[A-Za-z][\w!#$%&'*+.^`|~-]* ([^ ]+)(?: HTTP\/\d+(?:\.\d+)?)?$/;
const logTime = /^(\d{2})\/(\w{3})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{4})$/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * A logged request as an event of type `request`, by the rules that all access logs share: `page` is the target
 * without its query; `visitorId` and `eventId` are the first 32 hex digits of SHA-256 over address LF user agent (empty
 * where the log has none), and over line number LF line. In the second and further files the line number has the file's
 * before it, `2:17`, so that equal lines at equal places do not become one event. The address itself is not kept.
 */
export function requestReading(request: LoggedRequest, line: Buffer, place: LinePlace): LineReading {
  const { at, address, target, referrer, userAgent } = request;
  const outgoing = (told = at) =>
    outgoingEvent({
      eventId: hash32(place.file === 1 ? `${place.line}\n` : `${place.file}:${place.line}\n`, line),
      type: 'request',
      timestamp: new Date(told).toISOString(),
      visitorId: hash32(Buffer.from(`${address}\n${userAgent ?? ''}`, 'latin1')),
      page: decoded(target.split('?', 1)[0]!),
      ...(referrer !== undefined && { referrer: decoded(referrer) }),
      ...(userAgent !== undefined && { userAgent: decoded(userAgent) }),
    });
  return { ok: true, at, outgoing };
}

/** The target of `METHOD target HTTP/x` or `METHOD target`. */
export function requestTarget(request: string): string | undefined {
  return requestLine.exec(request)?.[1];
}

/** `17/May/2015:10:05:03 +0000` in epoch milliseconds. */
export function parseLogTime(text: string): number | undefined {
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
