import { parseTimestamp } from '../../domain/timestamp';
import type { LineReader } from './line-reader';
import { longestLoggedLine, requestReading } from './logged-request';

const required = ['date', 'time', 'c-ip', 'cs-uri-stem'] as const;
const fieldsDirective = '#Fields:';

/** Where the columns are by the file's last `#Fields:` line. */
interface Columns {
  readonly count: number;
  of(name: string): number | undefined;
  readonly missing: string | undefined;
}

/**
 * Lines of CloudFront standard logs: separated by tabs, in the columns that the `#Fields:` line names (AWS docs:
 * Standard logging reference). Other lines that begin with # are passed over.
 *
 * CloudFront writes blanks, quotes, percent signs and some more as %XX, at times even twice. The user agent is decoded
 * into the header as it was sent, so that it classifies, and is the same visitor as in a log of another format. In
 * path and referrer only the percent sign's own encoding is undone, which gives the target as the viewer sent it.
 */
export function createCloudfrontReader(): LineReader {
  let columns: Columns | undefined;
  return (line, place) => {
    if (line.length > longestLoggedLine)
      return { ok: false, reason: `longer than ${longestLoggedLine} bytes` };
    const text = line.toString('latin1');
    if (text.startsWith('#')) {
      if (text.startsWith(fieldsDirective)) columns = parseColumns(text);
      return undefined;
    }
    if (!columns) return { ok: false, reason: 'no "#Fields:" line before it says what its columns are' };
    if (columns.missing !== undefined)
      return { ok: false, reason: `the "#Fields:" line before it has no ${columns.missing}` };
    const values = text.split('\t');
    if (values.length < columns.count)
      return { ok: false, reason: `${values.length} columns, while "#Fields:" names ${columns.count}` };

    const { of } = columns;
    const value = (name: string) => values[of(name) ?? -1];
    const at = parseTimestamp(`${value('date')}T${value('time')}Z`);
    if (at === undefined)
      return { ok: false, reason: 'its date and time are not a valid yyyy-mm-dd and hh:mm:ss' };
    const address = value('c-ip');
    if (isAbsent(address)) return { ok: false, reason: 'its c-ip is empty' };
    const target = value('cs-uri-stem');
    if (isAbsent(target)) return { ok: false, reason: 'its cs-uri-stem is empty' };
    const referrer = value('cs(Referer)');
    const userAgent = value('cs(User-Agent)');
    const request = {
      at,
      address,
      target: withPercentSigns(target),
      referrer: referrer === undefined ? undefined : withPercentSigns(referrer),
      userAgent: userAgent === undefined ? undefined : header(userAgent),
    };
    return requestReading(request, line, place);
  };
}

function parseColumns(text: string): Columns {
  const names = text.slice(fieldsDirective.length).trim().split(/\s+/);
  const places = new Map(names.map((name, index) => [name, index]));
  return {
    count: names.length,
    of: (name) => places.get(name),
    missing: required.find((name) => !places.has(name)),
  };
}

function isAbsent(value: string | undefined): value is undefined | '' | '-' {
  return value === undefined || value === '' || value === '-';
}

/** `%2520` becomes `%20`; what was encoded by nobody but CloudFront (`%22`) stays, as a target cannot hold it. */
function withPercentSigns(logged: string): string {
  return logged.replaceAll(/%25(?=[0-9A-Fa-f]{2})/g, '%');
}

/** A header's bytes. One without a single blank that still has encoded ones was encoded twice. */
function header(logged: string): string {
  const once = percentDecoded(logged);
  return !once.includes(' ') && once.includes('%20') ? percentDecoded(once) : once;
}

function percentDecoded(text: string): string {
  return text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
