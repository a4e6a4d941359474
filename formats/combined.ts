import { clientAddress, ipAddress, serverHost } from './client-address';
import type { LinePlace, LineReading } from './line-reader';
import {
  loggedNumber,
  longestLoggedLine,
  parseLogTime,
  requestReading,
  requestTarget,
} from './logged-request';

// Up to the time, whatever the user's name is: it may be empty, be quoted, and hold blanks and escaped quotes.
const beginning = /^([\s\S]*?) \[([^\]"]{0,40})\] "/;
// In quoted fields Apache writes a quote as \" and nginx as \x22, so an unescaped one ends the field.
const restOfQuoted = String.raw`((?:[^"\\]|\\[^])*)"`;
const common = String.raw`${restOfQuoted} (\d{1,3}|-) (\d+|-)(?![^ \t])`;
// Formats built on these append fields of any shape, which are passed over.
const commonRest = new RegExp(common, 'y');
const combinedRest = new RegExp(`${common} "${restOfQuoted} "${restOfQuoted}`, 'y');

const noAddress = 'its first field is neither an IP address nor the name of a host';
const clientIsElsewhere = 'its first field is not the client';

/** What stands before the time. */
type Sender =
  | { readonly ok: true; readonly host?: string; readonly address: string }
  | { readonly ok: false; readonly reason: string };

interface LogFormat {
  readonly rest: RegExp;
  readonly otherwise: string;
  sender(text: string): Sender;
}

const combined: LogFormat = {
  rest: combinedRest,
  otherwise: 'not a line of a combined access log',
  sender(text) {
    const sender = client(text);
    return !sender.ok && withHost(text).ok
      ? {
          ok: false,
          reason: `${clientIsElsewhere}; --format vhost_combined takes the server's name before it`,
        }
      : sender;
  },
};

const vhostCombined: LogFormat = {
  rest: combinedRest,
  otherwise: 'not a line of a vhost_combined access log',
  sender(text) {
    const sender = withHost(text);
    return !sender.ok && client(text).ok
      ? {
          ok: false,
          reason: 'its second field is not the client; --format combined takes lines that begin with it',
        }
      : sender;
  },
};

const commonLog: LogFormat = {
  rest: commonRest,
  otherwise: 'not a line of a common access log',
  sender: client,
};

/** A line of an access log in the combined format of Apache and nginx. Fields stay as logged, escapes included. */
export function readCombined(line: Buffer, place: LinePlace): LineReading {
  return readLogLine(combined, line, place);
}

/** As `readCombined`, for Apache's `vhost_combined`: the server's name stands first, with its port or without. */
export function readVhostCombined(line: Buffer, place: LinePlace): LineReading {
  return readLogLine(vhostCombined, line, place);
}

/** As `readCombined`, for the common format, which has neither referrer nor user agent. */
export function readCommon(line: Buffer, place: LinePlace): LineReading {
  return readLogLine(commonLog, line, place);
}

function readLogLine({ rest, otherwise, sender }: LogFormat, line: Buffer, place: LinePlace): LineReading {
  const notALine = { ok: false, reason: otherwise } as const;
  if (line.length > longestLoggedLine) return notALine;
  const text = line.toString('latin1');
  const start = beginning.exec(text);
  if (!start) return notALine;
  const [{ length: behindStart }, before = '', time = ''] = start;
  rest.lastIndex = behindStart;
  const match = rest.exec(text);
  if (!match) return notALine;
  const [, request = '', status, bytes, referrer, userAgent] = match;
  const from = sender(before);
  if (!from.ok) return from;
  const requested = requestTarget(request);
  if (requested === undefined) return { ok: false, reason: 'its request is not "METHOD target HTTP/x"' };
  const at = parseLogTime(time);
  if (at === undefined) return { ok: false, reason: 'its time is not a valid "dd/Mon/yyyy:hh:mm:ss +hhmm"' };
  const { host, address } = from;
  const answer = { status: loggedNumber(status), bytes: loggedNumber(bytes), host };
  return requestReading({ at, address, ...requested, ...answer, referrer, userAgent }, line, place);
}

/**
 * `address identity user`. A name alone is little proof that a field is the client, so no field may be left over behind
 * one; and where another field is an address, nobody knows which of them is the client.
 */
function client(text: string): Sender {
  const [field, others] = firstField(text);
  const address = clientAddress(field);
  if (address === undefined) return { ok: false, reason: noAddress };
  if (others === '- -') return { ok: true, address };
  const words = others.split(' ');
  const isName = ipAddress(address) === undefined;
  const isPlain = isName ? words.length === 2 : words.length >= 2;
  if (!isPlain || words.some((word) => ipAddress(word) !== undefined)) {
    return { ok: false, reason: clientIsElsewhere };
  }
  return { ok: true, address };
}

function withHost(text: string): Sender {
  const [field, others] = firstField(text);
  const host = serverHost(field);
  if (host === undefined) return { ok: false, reason: 'its first field is not the name of a server' };
  const sender = client(others);
  return sender.ok
    ? { ...sender, host }
    : { ok: false, reason: `behind the server's name, ${sender.reason}` };
}

/** The first field and what stands behind it. The members of a list of addresses have blanks between them. */
function firstField(text: string): readonly [string, string] {
  let end = text.indexOf(' ');
  while (end > 0 && text[end - 1] === ',') end = text.indexOf(' ', end + 1);
  return end === -1 ? [text, ''] : [text.slice(0, end), text.slice(end + 1)];
}
