import type { LinePlace, LineReading } from './line-reader';
import { longestLoggedLine, parseLogTime, requestReading, requestTarget } from './logged-request';

// In quoted fields Apache writes a quote as \" and nginx as \x22, so an unescaped one ends the field.
const quoted = String.raw`"((?:[^"\\]|\\[^])*)"`;
// Formats built on these append fields, which are passed over.
const more = String.raw`(?: (?:"(?:[^"\\]|\\[^])*"|[^" ]+))*`;
const common = String.raw`^([^ ]+) [^ ]+ [^"]+? \[([^\]"]{0,40})\] ${quoted} \d{3} (?:\d+|-)`;
const commonLine = new RegExp(`${common}${more}$`);
const combinedLine = new RegExp(`${common} ${quoted} ${quoted}${more}$`);

/** A line of an access log in the combined format of Apache and nginx. Fields stay as logged, escapes included. */
export function readCombined(line: Buffer, place: LinePlace): LineReading {
  return readLogLine(combinedLine, 'not a line of a combined access log', line, place);
}

/** As `readCombined`, for the common format, which has neither referrer nor user agent. */
export function readCommon(line: Buffer, place: LinePlace): LineReading {
  return readLogLine(commonLine, 'not a line of a common access log', line, place);
}

function readLogLine(pattern: RegExp, otherwise: string, line: Buffer, place: LinePlace): LineReading {
  const match = line.length > longestLoggedLine ? null : pattern.exec(line.toString('latin1'));
  if (!match) return { ok: false, reason: otherwise };
  const [, address = '', time = '', request = '', referrer, userAgent] = match;
  const target = requestTarget(request);
  if (target === undefined) return { ok: false, reason: 'its request is not "METHOD target HTTP/x"' };
  const at = parseLogTime(time);
  if (at === undefined) return { ok: false, reason: 'its time is not a valid "dd/Mon/yyyy:hh:mm:ss +hhmm"' };
  return requestReading({ at, address, target, referrer, userAgent }, line, place);
}
