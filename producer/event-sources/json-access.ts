import { parseObject } from '../../domain/json-object';
import { parseTimestamp } from '../../domain/timestamp';
import type { LinePlace, LineReading } from './line-reader';
import { longestLoggedLine, parseLogTime, requestReading, requestTarget } from './logged-request';

/**
 * Where a JSON access log has what: the names of nginx's variables, those of Apache's and of common log shippers.
 * The first that is there counts; a log that names them otherwise can be read with `jq` before.
 */
export const jsonAccessFields = {
  time: ['time_iso8601', '@timestamp', 'timestamp', 'time_local', 'time', 'msec', 'ts'],
  address: ['remote_addr', 'clientip', 'client_ip', 'remote_ip', 'ip'],
  /** The first line of the request. */
  request: ['request'],
  target: ['request_uri', 'uri', 'url', 'path'],
  referrer: ['http_referer', 'http_referrer', 'referer', 'referrer'],
  userAgent: ['http_user_agent', 'user_agent', 'userAgent', 'useragent', 'agent'],
} as const;

type Fields = Readonly<Record<string, unknown>>;

const noTime = `none of ${jsonAccessFields.time.join(', ')} is a time`;
const noAddress = `none of ${jsonAccessFields.address.join(', ')} is a text`;
const noRequest = `neither request is "METHOD target HTTP/x", nor is any of ${jsonAccessFields.target.join(', ')} a target`;
/** Numbers above are milliseconds: as seconds, they would lie in the sixth millennium. */
const mostSeconds = 1e11;

/** A line of an access log whose lines are JSON objects. */
export function readJsonAccess(line: Buffer, place: LinePlace): LineReading {
  const fields = line.length > longestLoggedLine ? undefined : parseObject(line.toString('utf8'));
  if (!fields) return { ok: false, reason: 'not a JSON object' };
  const at = parseTime(firstOf(fields, jsonAccessFields.time));
  if (at === undefined) return { ok: false, reason: noTime };
  const address = textOf(fields, jsonAccessFields.address);
  if (address === undefined || address === '') return { ok: false, reason: noAddress };
  const target = targetOf(fields);
  if (target === undefined) return { ok: false, reason: noRequest };
  const referrer = textOf(fields, jsonAccessFields.referrer);
  const userAgent = textOf(fields, jsonAccessFields.userAgent);
  return requestReading({ at, address, target, referrer, userAgent }, line, place);
}

function targetOf(fields: Fields): string | undefined {
  const request = textOf(fields, jsonAccessFields.request);
  if (request !== undefined) return requestTarget(request);
  const target = textOf(fields, jsonAccessFields.target);
  return target !== undefined && /^[^ ]+$/.test(target) ? target : undefined;
}

function firstOf(fields: Fields, names: readonly string[]): unknown {
  const name = names.find((each) => Object.hasOwn(fields, each));
  return name === undefined ? undefined : fields[name];
}

/** A text's bytes in UTF-8, each one character: what a log of another format would have held. */
function textOf(fields: Fields, names: readonly string[]): string | undefined {
  const value = firstOf(fields, names);
  return typeof value === 'string' ? Buffer.from(value).toString('latin1') : undefined;
}

/** ISO 8601 with a zone, the time of a common log (in brackets or not), or seconds or milliseconds since 1970. */
function parseTime(value: unknown): number | undefined {
  if (typeof value === 'number') return parseEpoch(value);
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,13}(\.\d{1,9})?$/.test(value)) return parseEpoch(Number(value));
  return parseTimestamp(value) ?? parseLogTime(value.replace(/^\[(.*)\]$/, '$1'));
}

function parseEpoch(number: number): number | undefined {
  const ms = Math.floor(number < mostSeconds ? number * 1000 : number);
  // What a timestamp can say, from 1970 to 9999.
  return ms >= 0 && ms < Date.UTC(10000, 0, 1) ? ms : undefined;
}
