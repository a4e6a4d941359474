import { createHash } from 'node:crypto';
import { type ClickEvent, maxEventBytes } from '../domain/event/click-event';
import { parseTimestamp } from '../domain/event/timestamp';
import { outgoingEvent } from '../producer/client/outgoing-event';
import type { LinePlace, LineReading } from './line-reader';

/** A request as a server logged it. Texts are bytes, each one character (Latin-1). */
export interface LoggedRequest {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly address: string;
  /** The request target, query included unless the log has it apart. */
  readonly target: string;
  // Each undefined where the log has no such field.
  readonly query?: string | undefined;
  readonly method?: string | undefined;
  readonly status?: number | undefined;
  readonly bytes?: number | undefined;
  /** The server that the request was for. */
  readonly host?: string | undefined;
  readonly referrer: string | undefined;
  readonly userAgent: string | undefined;
}

/** An event that an access log brings, with what the log knew of the answer. */
export interface RequestEvent extends ClickEvent {
  readonly method?: string;
  /** Without its question mark. */
  readonly query?: string;
  readonly status?: number;
  /** Of the answer, as far as the server counts them. */
  readonly bytes?: number;
  readonly host?: string;
}

/** Bounds what one line can cost, in bytes; servers limit a request's head to a fraction of it. */
export const longestLoggedLine = 1024 * 1024;
/** The longest that a byte of a line can get in an event: a control character as `\u0001`. */
const longestEscape = 6;
/** Names, ids and time beside what stands in the line. */
const eventFrameBytes = 1024;

const requestLine = /^([A-Za-z][\w!#$%&'*+.^`|~-]*) ([^ ]+)(?: HTTP\/\d+(?:\.\d+)?)?$/;
const logTime = /^(\d{2})\/(\w{3})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{4})$/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * A logged request as an event of type `request`, by the rules that all access logs share: `page` is the target
 * without its query; `visitorId` and `eventId` are the first 32 hex digits of SHA-256 over address LF user agent (empty
 * where the log has none), and over line number LF line. In the second and further files the line number has the file's
 * before it, `2:17`, so that equal lines at equal places do not become one event. The address itself is not kept.
 *
 * What the pipeline would count as invalid is no event here: there it would be one of nobody's errors.
 */
export function requestReading(request: LoggedRequest, line: Buffer, place: LinePlace): LineReading {
  const { at, address, target, method, status, bytes, host, referrer, userAgent } = request;
  const queryStart = target.indexOf('?');
  const path = queryStart === -1 ? target : target.slice(0, queryStart);
  if (path === '') return { ok: false, reason: 'its target has no path' };
  const query = request.query ?? (queryStart === -1 ? undefined : target.slice(queryStart + 1));
  const page = decoded(path);
  const outgoing = (told = at) => {
    const event: RequestEvent = {
      eventId: hash32(place.file === 1 ? `${place.line}\n` : `${place.file}:${place.line}\n`, line),
      type: 'request',
      timestamp: new Date(told).toISOString(),
      visitorId: hash32(Buffer.from(`${address}\n${userAgent ?? ''}`, 'latin1')),
      page,
      ...(referrer !== undefined && { referrer: decoded(referrer) }),
      ...(userAgent !== undefined && { userAgent: decoded(userAgent) }),
      ...(method !== undefined && { method: decoded(method) }),
      ...(query !== undefined && query !== '' && { query: decoded(query) }),
      ...(status !== undefined && { status }),
      ...(bytes !== undefined && { bytes }),
      ...(host !== undefined && { host: decoded(host) }),
    };
    return outgoingEvent(event);
  };
  const mayBeTooLarge = line.length * longestEscape + eventFrameBytes > maxEventBytes;
  if (mayBeTooLarge && outgoing().data.byteLength > maxEventBytes)
    return { ok: false, reason: `as an event it is larger than ${maxEventBytes} bytes` };
  return { ok: true, at, page, outgoing };
}

/** Method and target of `METHOD target HTTP/x` or `METHOD target`. */
export function requestTarget(
  request: string,
): { readonly method: string; readonly target: string } | undefined {
  const [, method, target] = requestLine.exec(request) ?? [];
  return method === undefined || target === undefined ? undefined : { method, target };
}

/** A number as logs have it; undefined for `-`, and for what is no number that JSON keeps. */
export function loggedNumber(text: string | undefined): number | undefined {
  const value = text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** `17/May/2015:10:05:03 +0000` in epoch milliseconds. */
export function parseLogTime(text: string): number | undefined {
  const [, day, month = '', year, time, zone] = logTime.exec(text) ?? [];
  const monthNumber = String(months.indexOf(month) + 1).padStart(2, '0');
  return parseTimestamp(`${year}-${monthNumber}-${day}T${time}${zone}`);
}

/** Numbers above are milliseconds: as seconds, they would lie in the sixth millennium. */
const mostSeconds = 1e11;

/** Seconds or milliseconds since 1970, whole or not, in whole epoch milliseconds; undefined for what no timestamp can say. */
export function parseEpoch(number: number): number | undefined {
  const ms = Math.floor(number < mostSeconds ? number * 1000 : number);
  return ms >= 0 && ms < Date.UTC(10000, 0, 1) ? ms : undefined;
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
