import fc from 'fast-check';
import { deviceOf } from '../../domain/derived/user-agent';
import { readRecord } from '../../domain/event/record';
import { createCloudfrontReader, createRealtimeReader } from '../../formats/cloudfront';
import { readLine, sha256 } from './read-line';

const names = [
  'date',
  'time',
  'x-edge-location',
  'sc-bytes',
  'c-ip',
  'cs-method',
  'cs(Host)',
  'cs-uri-stem',
  'sc-status',
  'cs(Referer)',
  'cs(User-Agent)',
  'cs-uri-query',
] as const;
const header = `#Fields: ${names.join(' ')}`;

type Values = Partial<Record<(typeof names)[number], string>>;

const sample: Values = {
  date: '2026-03-04',
  time: '05:06:07',
  'x-edge-location': 'FRA56-P1',
  'sc-bytes': '392',
  'c-ip': '203.0.113.9',
  'cs-method': 'GET',
  'cs(Host)': 'd111111abcdef8.cloudfront.net',
  'cs-uri-stem': '/shop/boots',
  'sc-status': '200',
  'cs(Referer)': 'https://search.example/',
  'cs(User-Agent)': 'Mozilla/5.0%20(iPhone;%20CPU%20iPhone%20OS%2018_6%20like%20Mac%20OS%20X)',
  'cs-uri-query': 'size=42',
};

function line(values: Values = {}): string {
  const all = { ...sample, ...values };
  return names.map((name) => all[name]).join('\t');
}

function read(text: string | Buffer, before: readonly string[] = ['#Version: 1.0', header], number = 3) {
  const reader = createCloudfrontReader();
  for (const earlier of before) expect(readLine(reader, earlier).reading).toBeUndefined();
  return readLine(reader, text, { line: number });
}

describe('a line of a CloudFront standard log', () => {
  it('becomes the event that the same request has in a combined log', () => {
    const userAgent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X)';

    expect(read(line()).event).toEqual({
      eventId: sha256(`3\n${line()}`),
      type: 'request',
      timestamp: '2026-03-04T05:06:07.000Z',
      visitorId: sha256(`203.0.113.9\n${userAgent}`),
      page: '/shop/boots',
      referrer: 'https://search.example/',
      userAgent,
      method: 'GET',
      query: 'size=42',
      status: 200,
      bytes: 392,
      host: 'd111111abcdef8.cloudfront.net',
    });
  });

  it('has nothing of what is a dash', () => {
    const { event } = read(line({ 'cs-uri-query': '-', 'sc-status': '-', 'sc-bytes': '-', 'cs(Host)': '-' }));

    expect(Object.keys(event!)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/query|status|bytes|host/)]),
    );
  });

  it('classifies by its user agent, encoded once or twice', () => {
    const once = read(line()).event!;
    const twice = read(line({ 'cs(User-Agent)': sample['cs(User-Agent)']!.replaceAll('%', '%25') })).event!;

    expect(deviceOf(once.userAgent).deviceClass).toBe('mobile');
    expect(twice).toMatchObject({ userAgent: once.userAgent, visitorId: once.visitorId });
  });

  it('keeps encoded blanks that the visitor sent', () => {
    const { userAgent } = read(line({ 'cs(User-Agent)': 'My%2520App/1.0%20CFNetwork/3826' })).event!;

    expect(userAgent).toBe('My%20App/1.0 CFNetwork/3826');
  });

  it.each([
    ['/a%2520b', '/a%20b'],
    ['/caf%25C3%25A9', '/caf%C3%A9'],
    ['/caf%C3%A9', '/café'],
    ['/%7Eowner/x', '/~owner/x'],
    ['/left%7Cright', '/left|right'],
    ['/100%25', '/100%'],
    ['/a%252520b', '/a%2520b'],
    ['/50%', '/50%'],
  ])('logged with the path %s, one level encoded, is for the page %s', (stem, page) => {
    expect(read(line({ 'cs-uri-stem': stem })).event?.page).toBe(page);
  });

  it('is read by the names in the header, wherever the columns are', () => {
    const fields = '#Fields: cs-uri-stem c-ip time date';
    const { event } = read('/x\t198.51.100.4\t10:00:00\t2026-01-02', [fields]);

    expect(event).toMatchObject({ page: '/x', timestamp: '2026-01-02T10:00:00.000Z' });
    expect(event).not.toHaveProperty('userAgent');
    expect(event?.visitorId).toBe(sha256('198.51.100.4\n'));
  });

  it('follows the last header before it, as in files that were joined', () => {
    expect(
      read('2026-01-02\t10:00:00\t198.51.100.4\t/y', [header, '#Fields: date time c-ip cs-uri-stem']).event
        ?.page,
    ).toBe('/y');
  });

  it('may end in a tab, as those in the documentation do', () => {
    expect(read(`${line()}\t`).event?.page).toBe('/shop/boots');
  });

  it.each<[string, string, readonly string[]]>([
    ['no header', 'no "#Fields:" line before it says what its columns are', []],
    [
      'a header without a needed column',
      'the "#Fields:" line before it has no c-ip',
      ['#Fields: date time cs-uri-stem'],
    ],
  ])('after %s does not parse', (_what, reason, before) => {
    expect(read(line(), before).reading).toEqual({ ok: false, reason });
  });

  it.each([
    [line().split('\t').slice(0, 9).join('\t'), '9 columns, while "#Fields:" names 12'],
    [line({ date: '2026-02-30' }), 'its date and time are not a valid yyyy-mm-dd and hh:mm:ss'],
    [line({ time: '' }), 'its date and time are not a valid yyyy-mm-dd and hh:mm:ss'],
    [line({ 'c-ip': '-' }), 'its c-ip is empty'],
    [line({ 'c-ip': 'FRA56-P1' }), 'its c-ip is not an IP address'],
    [line({ 'cs-uri-stem': '' }), 'its cs-uri-stem is empty'],
  ])('does not parse: %.80j', (text, reason) => {
    expect(read(text).reading).toEqual({ ok: false, reason });
  });

  it('costs no more than its length where it is all tabs', () => {
    expect(read('\t'.repeat(2_000_000)).reading).toEqual({ ok: false, reason: 'longer than 1048576 bytes' });
  });

  it('gives back what was encoded into it, for any fields', () => {
    const word = fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed());
    const sent = fc.tuple(word, word).map((words) => words.join(' '));
    fc.assert(
      fc.property(
        fc.oneof(fc.ipV4(), fc.ipV6()),
        sent,
        fc.webPath().map((path) => path || '/'),
        fc.integer({ min: 0, max: 4_102_444_799 }),
        (address, userAgent, page, at) => {
          const [date = '', time = ''] = new Date(at * 1000).toISOString().slice(0, 19).split('T');
          const text = line({
            date,
            time,
            'c-ip': address,
            'cs-uri-stem': page.replaceAll(/[%~']/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`),
            'cs(User-Agent)': encodeURIComponent(userAgent),
          });

          expect(read(text, [header], 8).event).toMatchObject({
            eventId: sha256(`8\n${text}`),
            timestamp: new Date(at * 1000).toISOString(),
            visitorId: sha256(`${address}\n${userAgent}`),
            page,
            userAgent,
          });
        },
      ),
    );
  });

  it('gives an event, a reason or nothing, and no exception, for any bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.nat(line().length),
        fc.boolean(),
        (noise, at, inHeader) => {
          const text = Buffer.from(inHeader ? header : line());
          const mutated = Buffer.concat([text.subarray(0, at), noise, text.subarray(at)]);
          const reader = createCloudfrontReader();
          for (const each of [Buffer.from(header), mutated, Buffer.from(line())]) {
            const { reading } = readLine(reader, each);
            if (!reading) continue;
            if (reading.ok) {
              const [click] = readRecord(Buffer.from(reading.outgoing(reading.at).data), Date.UTC(9998, 0));
              expect(click).toMatchObject({ ok: true });
            } else expect(reading.reason).toBeTruthy();
          }
        },
      ),
    );
  });
});

describe('a line of a CloudFront real-time log', () => {
  const fields = [
    ...['timestamp', 'c-ip', 'sc-status', 'sc-bytes', 'cs-method', 'cs-host', 'cs-uri-stem'],
    ...['x-edge-request-id', 'cs-user-agent', 'cs-referer', 'cs-uri-query'],
  ];
  const values: Readonly<Record<string, string>> = {
    timestamp: '1772597167.250',
    'c-ip': '2001:db8::9',
    'sc-status': '304',
    'sc-bytes': '512',
    'cs-method': 'GET',
    'cs-host': 'shop.example',
    'cs-uri-stem': '/%7Euser/caf%C3%A9?size=4%252B2',
    'x-edge-request-id': 'k1T==',
    'cs-user-agent': 'Mozilla/5.0%20(iPhone)',
    'cs-referer': '-',
    'cs-uri-query': 'size=4%252B2',
  };
  const lineOf = (other: Readonly<Record<string, string>> = {}) =>
    fields.map((name) => ({ ...values, ...other })[name]).join('\t');
  const readFrom = (text: string, place: { file?: string; line?: number } = {}) => {
    const { file = 'shard-7:49', line: number = 2 } = place;
    const reading = createRealtimeReader(fields)(Buffer.from(text), { file, line: number });
    return reading?.ok ? JSON.parse(reading.outgoing(reading.at).data.toString()) : reading;
  };

  it('becomes an event whose id is that of its place', () => {
    expect(readFrom(lineOf())).toEqual({
      eventId: sha256(`shard-7:49:2\n${lineOf()}`),
      type: 'request',
      timestamp: '2026-03-04T04:06:07.250Z',
      visitorId: sha256('2001:db8::9\nMozilla/5.0 (iPhone)'),
      page: '/~user/café',
      referrer: '-',
      userAgent: 'Mozilla/5.0 (iPhone)',
      method: 'GET',
      query: 'size=4%2B2',
      status: 304,
      bytes: 512,
      host: 'shop.example',
    });
    expect(readFrom(lineOf(), { file: 'shard-7:50' }).eventId).toBe(sha256(`shard-7:50:2\n${lineOf()}`));
  });

  it('has its query by the target where the log does not say it twice', () => {
    expect(readFrom(lineOf({ 'cs-uri-query': '-' })).query).toBe('size=4%2B2');
    expect(readFrom(lineOf({ 'cs-uri-query': '-', 'cs-uri-stem': '/plain' }))).not.toHaveProperty('query');
  });

  it.each([
    [{ timestamp: '2026-03-04' }, 'its timestamp is not in seconds since 1970'],
    [{ timestamp: '-' }, 'its timestamp is not in seconds since 1970'],
    [{ 'c-ip': '-' }, 'its c-ip is empty'],
    [{ 'c-ip': 'nobody' }, 'its c-ip is not an IP address'],
    [{ 'cs-uri-stem': '-' }, 'its cs-uri-stem is empty'],
    [{ 'cs-referer': 'a\tb' }, '12 columns instead of 11'],
  ])('is none with %j', (other, reason) => {
    expect(readFrom(lineOf(other))).toEqual({ ok: false, reason });
  });

  it('cannot be read without the fields that an event needs', () => {
    expect(() => createRealtimeReader(['timestamp', 'c-ip'])).toThrow('without cs-uri-stem');
  });
});
