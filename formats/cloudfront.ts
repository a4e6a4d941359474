import { counted } from '../cli/counted';
import { parseTimestamp } from '../domain/event/timestamp';
import { ipAddress } from './client-address';
import type { LineReader } from './line-reader';
import { loggedNumber, longestLoggedLine, requestReading } from './logged-request';

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
 * CloudFront writes blanks, quotes, percent signs, tildes and some more as %XX. One level of that is undone, and only
 * one, which gives what the viewer sent: `/~user/`, and `/a%20b` of `/a%2520b`. Old logs have the user agent encoded
 * twice; decoded, it classifies, and is the same visitor as in a log of another format.
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
      return {
        ok: false,
        reason: `${counted(values.length, 'column')}, while "#Fields:" names ${columns.count}`,
      };

    const { of } = columns;
    const value = (name: string) => values[of(name) ?? -1];
    const at = parseTimestamp(`${value('date')}T${value('time')}Z`);
    if (at === undefined)
      return { ok: false, reason: 'its date and time are not a valid yyyy-mm-dd and hh:mm:ss' };
    const logged = value('c-ip');
    if (isAbsent(logged)) return { ok: false, reason: 'its c-ip is empty' };
    const address = ipAddress(logged);
    if (address === undefined) return { ok: false, reason: 'its c-ip is not an IP address' };
    const stem = value('cs-uri-stem');
    if (isAbsent(stem)) return { ok: false, reason: 'its cs-uri-stem is empty' };
    const given = (name: string) => {
      const text = value(name);
      return isAbsent(text) ? undefined : percentDecoded(text);
    };
    const [referrer, userAgent] = [value('cs(Referer)'), value('cs(User-Agent)')];
    const request = {
      at,
      address,
      target: percentDecoded(stem),
      query: given('cs-uri-query') ?? '',
      method: given('cs-method'),
      status: loggedNumber(value('sc-status')),
      bytes: loggedNumber(value('sc-bytes')),
      host: given('x-host-header') ?? given('cs(Host)'),
      referrer: referrer === undefined ? undefined : percentDecoded(referrer),
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
