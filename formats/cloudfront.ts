import { counted } from '../cli/counted';
import { parseTimestamp } from '../domain/event/timestamp';
import { ipAddress } from './client-address';
import type { LinePlace, LineReader, LineReading } from './line-reader';
import { loggedNumber, longestLoggedLine, parseEpoch, requestReading } from './logged-request';

const fieldsDirective = '#Fields:';

/** Where the columns are, by their names. */
interface Columns {
  readonly count: number;
  of(name: string): number | undefined;
}

type ValueOf = (name: string) => string | undefined;

/** What standard and real-time logs say differently. */
interface LogVersion {
  readonly required: readonly string[];
  readonly at: (value: ValueOf) => number | undefined;
  readonly noTime: string;
  /** The host that the viewer asked for, where there are several in this order. */
  readonly hosts: readonly string[];
  readonly referrer: string;
  readonly userAgent: string;
  /** Of a log whose target never has it. */
  readonly noQuery: string | undefined;
}

const standard: LogVersion = {
  required: ['date', 'time', 'c-ip', 'cs-uri-stem'],
  at: (value) => parseTimestamp(`${value('date')}T${value('time')}Z`),
  noTime: 'its date and time are not a valid yyyy-mm-dd and hh:mm:ss',
  hosts: ['x-host-header', 'cs(Host)'],
  referrer: 'cs(Referer)',
  userAgent: 'cs(User-Agent)',
  noQuery: '',
};

const realtime: LogVersion = {
  required: ['timestamp', 'c-ip', 'cs-uri-stem'],
  at(value) {
    const text = value('timestamp') ?? '';
    return /^\d{1,13}(\.\d{1,9})?$/.test(text) ? parseEpoch(Number(text)) : undefined;
  },
  noTime: 'its timestamp is not in seconds since 1970',
  // Here `x-host-header` is the name of the distribution.
  hosts: ['cs-host'],
  referrer: 'cs-referer',
  userAgent: 'cs-user-agent',
  noQuery: undefined,
};

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
  let missing: string | undefined;
  return (line, place) => {
    if (line.length > longestLoggedLine) return tooLong;
    const text = line.toString('latin1');
    if (text.startsWith('#')) {
      if (text.startsWith(fieldsDirective)) {
        columns = columnsOf(text.slice(fieldsDirective.length).trim().split(/\s+/));
        missing = missingIn(columns, standard);
      }
      return undefined;
    }
    if (!columns) return { ok: false, reason: 'no "#Fields:" line before it says what its columns are' };
    if (missing !== undefined)
      return { ok: false, reason: `the "#Fields:" line before it has no ${missing}` };
    const values = text.split('\t');
    if (values.length < columns.count)
      return {
        ok: false,
        reason: `${counted(values.length, 'column')}, while "#Fields:" names ${columns.count}`,
      };
    return requestOf(standard, columns, values, line, place);
  };
}

/**
 * Lines of CloudFront real-time logs: separated by tabs, without a header, in the columns that the log's configuration
 * names (AWS docs: Use real-time logs). They are encoded as those of standard logs; their target has the query.
 *
 * @param fields in the order in which CloudFront sends them
 * @throws RangeError for fields that lack one that an event needs
 */
export function createRealtimeReader(fields: readonly string[]): LineReader {
  const columns = columnsOf(fields);
  const missing = missingIn(columns, realtime);
  if (missing !== undefined) throw new RangeError(`real-time logs without ${missing} are no events`);
  return (line, place) => {
    if (line.length > longestLoggedLine) return tooLong;
    const values = line.toString('latin1').split('\t');
    if (values.length !== columns.count)
      return { ok: false, reason: `${counted(values.length, 'column')} instead of ${columns.count}` };
    return requestOf(realtime, columns, values, line, place);
  };
}

const tooLong = { ok: false, reason: `longer than ${longestLoggedLine} bytes` } as const;

function requestOf(
  version: LogVersion,
  columns: Columns,
  values: readonly string[],
  line: Buffer,
  place: LinePlace,
): LineReading {
  const value: ValueOf = (name) => values[columns.of(name) ?? -1];
  const at = version.at(value);
  if (at === undefined) return { ok: false, reason: version.noTime };
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
  const [referrer, userAgent] = [value(version.referrer), value(version.userAgent)];
  const request = {
    at,
    address,
    target: percentDecoded(stem),
    query: given('cs-uri-query') ?? version.noQuery,
    method: given('cs-method'),
    status: loggedNumber(value('sc-status')),
    bytes: loggedNumber(value('sc-bytes')),
    host: version.hosts.map(given).find((host) => host !== undefined),
    referrer: referrer === undefined ? undefined : percentDecoded(referrer),
    userAgent: userAgent === undefined ? undefined : header(userAgent),
  };
  return requestReading(request, line, place);
}

function columnsOf(names: readonly string[]): Columns {
  const places = new Map(names.map((name, index) => [name, index]));
  return { count: names.length, of: (name) => places.get(name) };
}

/** The first column that an event needs and that is not there. */
function missingIn(columns: Columns, { required }: LogVersion): string | undefined {
  return required.find((name) => columns.of(name) === undefined);
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
