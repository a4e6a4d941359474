import { parseTimestamp } from '../domain/event/timestamp';
import { parseObject } from '../domain/json/json-object';
import { clientAddress } from './client-address';
import type { LinePlace, LineReading } from './line-reader';
import {
  loggedNumber,
  longestLoggedLine,
  parseEpoch,
  parseLogTime,
  requestReading,
  requestTarget,
} from './logged-request';

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
  method: ['request_method', 'method', 'verb'],
  query: ['args', 'query_string'],
  status: ['status', 'status_code', 'response'],
  bytes: ['body_bytes_sent', 'bytes_sent', 'bytes', 'size'],
  host: ['host', 'http_host', 'server_name', 'vhost'],
} as const;

type Fields = Readonly<Record<string, unknown>>;

const noTime = `none of ${jsonAccessFields.time.join(', ')} is a time`;
const noAddress = `none of ${jsonAccessFields.address.join(', ')} is an IP address or the name of a host`;
const noRequest = `neither request is "METHOD target HTTP/x", nor is any of ${jsonAccessFields.target.join(', ')} a target`;

/**
 * A line of an access log whose lines are JSON objects. A target by itself may hold blanks, since nginx's `$uri` is
 * decoded.
 */
export function readJsonAccess(line: Buffer, place: LinePlace): LineReading {
  const fields = line.length > longestLoggedLine ? undefined : objectOf(line);
  if (!fields) return { ok: false, reason: 'not a JSON object' };
  const at = parseTime(firstOf(fields, jsonAccessFields.time));
  if (at === undefined) return { ok: false, reason: noTime };
  const address = clientAddress(textOf(fields, jsonAccessFields.address) ?? '');
  if (address === undefined) return { ok: false, reason: noAddress };
  const requested = requestOf(fields);
  if (requested === undefined) return { ok: false, reason: noRequest };
  const request = {
    at,
    address,
    ...requested,
    status: numberOf(fields, jsonAccessFields.status),
    bytes: numberOf(fields, jsonAccessFields.bytes),
    host: givenText(fields, jsonAccessFields.host),
    referrer: textOf(fields, jsonAccessFields.referrer),
    userAgent: textOf(fields, jsonAccessFields.userAgent),
  };
  return requestReading(request, line, place);
}

/** nginx without `escape=json` writes quotes, backslashes and bytes beyond ASCII as `\x22`, which is not JSON. */
function objectOf(line: Buffer): Fields | undefined {
  const object = parseObject(line.toString('utf8'));
  if (object || !line.includes('\\x')) return object;
  const unescaped = line.toString('latin1').replaceAll(/\\x([0-9A-Fa-f]{2})/g, (_, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code < 0x80 ? `\\u00${hex}` : String.fromCharCode(code);
  });
  return parseObject(Buffer.from(unescaped, 'latin1').toString('utf8'));
}

function requestOf(
  fields: Fields,
): { readonly method?: string | undefined; readonly target: string; readonly query?: string } | undefined {
  const request = textOf(fields, jsonAccessFields.request);
  if (request !== undefined) return requestTarget(request);
  const target = textOf(fields, jsonAccessFields.target);
  if (target === undefined || target === '' || target === '-') return undefined;
  const query = givenText(fields, jsonAccessFields.query);
  const method = givenText(fields, jsonAccessFields.method);
  return { method, target, ...(query !== undefined && { query }) };
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

/** As `textOf`; undefined for what a log writes where there is nothing. */
function givenText(fields: Fields, names: readonly string[]): string | undefined {
  const text = textOf(fields, names);
  return text === '' || text === '-' ? undefined : text;
}

/** A number, or the text of one. */
function numberOf(fields: Fields, names: readonly string[]): number | undefined {
  const value = firstOf(fields, names);
  return loggedNumber(
    typeof value === 'number' ? String(value) : typeof value === 'string' ? value : undefined,
  );
}

/** ISO 8601 with a zone, the time of a common log (in brackets or not), or seconds or milliseconds since 1970. */
function parseTime(value: unknown): number | undefined {
  if (typeof value === 'number') return parseEpoch(value);
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,13}(\.\d{1,9})?$/.test(value)) return parseEpoch(Number(value));
  return parseTimestamp(value) ?? parseLogTime(value.replace(/^\[(.*)\]$/, '$1'));
}
