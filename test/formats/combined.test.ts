import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { readRecord } from '../../domain/event/record';
import { readCombined, readCommon, readVhostCombined } from '../../formats/combined';
import { logTime, readLine, sha256 } from './read-line';

interface LineParts {
  readonly ip: string;
  readonly user: string;
  readonly time: string;
  readonly request: string;
  readonly status: string;
  readonly size: string;
  readonly referrer: string;
  readonly userAgent: string;
  readonly tail: string;
}

const sample: LineParts = {
  ip: '203.0.113.9',
  user: '- frank',
  time: '17/May/2015:10:05:03 +0000',
  request: 'GET /shop/boots?size=42&c=red HTTP/1.1',
  status: '200',
  size: '5316',
  referrer: 'http://search.example/?q=boots',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
  tail: '',
};

function line(parts: Partial<LineParts> = {}): string {
  const { ip, user, time, request, status, size, referrer, userAgent, tail } = { ...sample, ...parts };
  return `${ip} ${user} [${time}] "${request}" ${status} ${size} "${referrer}" "${userAgent}"${tail}`;
}

const read = (text: string | Buffer, number = 12, shiftMs = 0) =>
  readLine(readCombined, text, { line: number, shiftMs });

describe('a line of a combined access log', () => {
  it('becomes an event by the import rules', () => {
    const { reading, event, partitionKey } = read(line());

    expect(event).toEqual({
      eventId: sha256(`12\n${line()}`),
      type: 'request',
      timestamp: '2015-05-17T10:05:03.000Z',
      visitorId: sha256('203.0.113.9\nMozilla/5.0 (X11; Linux x86_64)'),
      page: '/shop/boots',
      referrer: 'http://search.example/?q=boots',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
      method: 'GET',
      query: 'size=42&c=red',
      status: 200,
      bytes: 5316,
    });
    expect(reading).toMatchObject({ ok: true, at: Date.parse('2015-05-17T10:05:03Z') });
    expect(partitionKey).toBe(event?.visitorId);
  });

  it('does not keep the address', () => {
    expect(JSON.stringify(read(line()).event)).not.toContain('203.0.113.9');
  });

  it.each([
    ['17/May/2015:10:05:03 +0000', '2015-05-17T10:05:03.000Z'],
    ['31/Dec/2018:23:30:00 -0230', '2019-01-01T02:00:00.000Z'],
    ['29/Feb/2024:00:00:00 +0330', '2024-02-28T20:30:00.000Z'],
  ])('understands the time %s', (time, timestamp) => {
    expect(read(line({ time })).event?.timestamp).toBe(timestamp);
  });

  it('has its time moved by the shift, and its ids left alone', () => {
    const { event } = read(line(), 12, 90_061_000);

    expect(event?.timestamp).toBe('2015-05-18T11:06:04.000Z');
    expect(event?.eventId).toBe(read(line()).event?.eventId);
  });

  it.each([
    ['GET /a%20b HTTP/1.1', '/a%20b'],
    ['GET /a?b?c HTTP/2.0', '/a'],
    ['POST http://site.example/x?y HTTP/1.0', 'http://site.example/x'],
    ['OPTIONS * HTTP/1.0', '*'],
    ['GET /old', '/old'],
    ['M-SEARCH /x HTTP/1.1', '/x'],
    [String.raw`GET /say\"hi\" HTTP/1.1`, String.raw`/say\"hi\"`],
    ['GET /страница HTTP/1.1', '/страница'],
  ])('with the request %s is for the page %s', (request, page) => {
    expect(read(line({ request })).event?.page).toBe(page);
  });

  it('keeps referrer and user agent as logged, an absent one included', () => {
    const userAgent = String.raw`My \"quoted\" \\ agent \x22`;

    expect(read(line({ referrer: '-', userAgent })).event).toMatchObject({ referrer: '-', userAgent });
    expect(read(line({ referrer: '', userAgent: '-' })).event).toMatchObject({
      referrer: '',
      userAgent: '-',
    });
  });

  it('is hashed by its bytes, and shown in UTF-8 as far as it is', () => {
    const [before, after] = line({ userAgent: 'Agent|X' }).split('|') as [string, string];
    const raw = Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)]);
    const { event } = read(raw, 3);

    expect(event?.userAgent).toBe('Agent\ufffdX');
    expect(event?.eventId).toBe(sha256(Buffer.concat([Buffer.from('3\n'), raw])));
    expect(event?.visitorId).toBe(sha256(Buffer.from('203.0.113.9\nAgent\xffX', 'latin1')));
  });

  it.each([
    ['an IPv6 address', { ip: '2001:db8::7' }],
    ['a user name with a blank', { user: '- frank miller' }],
    ['no size', { size: '-' }],
    ['further fields', { tail: ' "203.0.113.77" 0.004 "a \\" b"' }],
  ])('may have %s', (_what, parts) => {
    expect(read(line(parts)).reading?.ok).toBe(true);
  });

  it.each([
    ['an empty request', { request: '-' }, 'its request is not "METHOD target HTTP/x"'],
    ['a TLS greeting', { request: String.raw`\x16\x03\x01` }, 'its request is not "METHOD target HTTP/x"'],
    ['a target with a blank', { request: 'GET /a b HTTP/1.1' }, 'its request is not "METHOD target HTTP/x"'],
    [
      'the 31st of June',
      { time: '31/Jun/2015:10:05:03 +0000' },
      'its time is not a valid "dd/Mon/yyyy:hh:mm:ss +hhmm"',
    ],
    [
      'an unknown month',
      { time: '17/Mai/2015:10:05:03 +0000' },
      'its time is not a valid "dd/Mon/yyyy:hh:mm:ss +hhmm"',
    ],
    ['no zone', { time: '17/May/2015:10:05:03' }, 'its time is not a valid "dd/Mon/yyyy:hh:mm:ss +hhmm"'],
    ['an open quote', { userAgent: String.raw`Mozilla\ `.trimEnd() }, 'not a line of a combined access log'],
    ['a status of letters', { status: 'abc' }, 'not a line of a combined access log'],
  ])('with %s does not parse', (_what, parts, reason) => {
    expect(read(line(parts)).reading).toEqual({ ok: false, reason });
  });

  it.each([
    ['the common format', '203.0.113.9 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 12'],
    ['another sort of line', 'server started'],
    ['JSON', '{"eventId":"1"}'],
    ['a line of 2 MB', line({ userAgent: 'x'.repeat(2_000_000) })],
  ])('of %s does not parse', (_what, text) => {
    expect(read(text).reading).toMatchObject({ ok: false, reason: 'not a line of a combined access log' });
  });

  it('that is hostile costs no more than its length', () => {
    const hostile = [
      `${'a '.repeat(100_000)}[`,
      `a b c ${' [x'.repeat(100_000)}`,
      line({ tail: ` ${'"\\"'.repeat(100_000)}` }),
      line({ tail: `${' a'.repeat(200_000)}"` }),
      line({ request: '\\"'.repeat(200_000) }),
    ];
    const begun = performance.now();
    for (const text of hostile) read(text);

    expect(performance.now() - begun).toBeLessThan(2000);
  });

  it('gives back what was written into it, for any fields', () => {
    const port = fc.integer({ min: 1, max: 65_535 });
    // An IPv4 address in an IPv6 one is that address.
    const ipV6 = fc.ipV6().filter((ip) => !/^::ffff:[\d.]+$/i.test(ip));
    const client = fc.oneof(
      fc.oneof(fc.ipV4(), ipV6, fc.domain()).map((ip) => ({ ip, written: ip })),
      fc.ipV4().map((ip) => ({ ip, written: `::ffff:${ip}` })),
      fc.ipV4().map((ip) => ({ ip, written: `[::FFFF:${ip}]:443` })),
      fc.tuple(fc.ipV4(), port).map(([ip, number]) => ({ ip, written: `${ip}:${number}` })),
      fc.tuple(ipV6, port).map(([ip, number]) => ({ ip, written: `[${ip}]:${number}` })),
      fc
        .tuple(fc.ipV4(), fc.ipV6(), fc.constantFrom(',', ', '))
        .map(([ip, proxy, comma]) => ({ ip, written: `${ip}${comma}${proxy}` })),
    );
    const user = fc.constantFrom(
      '- -',
      '- ',
      '- ""',
      '- frank',
      String.raw`- o\"hara`,
      'ident frank',
      '- "frank"',
    );
    const tail = fc.oneof(
      fc.constant(''),
      fc.string({ unit: 'grapheme' }).map((text) => ` ${text.replaceAll('\n', '')}`),
    );
    const escaped = fc
      .string({ unit: 'binary' })
      .filter((text) => text.isWellFormed() && !/[\n\ufffd]/.test(text))
      .map((text) => text.replaceAll(/["\\]/g, String.raw`\$&`));
    const second = fc.integer({ min: 0, max: 4_102_444_799 });
    fc.assert(
      fc.property(
        client,
        user,
        escaped,
        escaped,
        fc.webPath().map((path) => path || '/'),
        fc.webQueryParameters(),
        second,
        fc.integer({ min: -779, max: 779 }),
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 100, max: 599 }),
        fc.nat(),
        tail,
        (
          { ip, written },
          user,
          referrer,
          userAgent,
          path,
          query,
          at,
          offset,
          number,
          status,
          bytes,
          more,
        ) => {
          const text = line({
            ip: written,
            user,
            referrer,
            userAgent,
            request: `PUT ${path}?${query} HTTP/1.1`,
            time: logTime(at, offset),
            status: String(status),
            size: String(bytes),
            tail: more,
          });

          expect(read(text, number).event).toEqual({
            eventId: sha256(`${number}\n${text}`),
            type: 'request',
            timestamp: new Date(at * 1000).toISOString(),
            visitorId: sha256(`${ip}\n${userAgent}`),
            page: path,
            referrer,
            userAgent,
            method: 'PUT',
            ...(query !== '' && { query }),
            status,
            bytes,
          });
        },
      ),
      { numRuns: 400 },
    );
  });

  it('gives an event or a reason, and no exception, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(line().length), (noise, at) => {
        const text = Buffer.from(line());
        const mutated = Buffer.concat([text.subarray(0, at), noise, text.subarray(at)]);

        for (const reader of [readCombined, readCommon, readVhostCombined]) {
          const { reading } = readLine(reader, mutated);
          if (!reading?.ok) {
            expect(reading?.reason).toMatch(
              /^(not a line of|its (request|time|first field|second field) is|its target has|behind the server)/,
            );
            continue;
          }
          const [click] = readRecord(Buffer.from(reading.outgoing(reading.at).data), Date.UTC(9998, 0));
          expect(click).toMatchObject({ ok: true });
        }
      }),
    );
  });
});

describe('the client of a line', () => {
  const visitor = (ip: string, user?: string) =>
    read(line({ ip, ...(user !== undefined && { user }) })).event?.visitorId;
  const visitorOf = (address: string) => sha256(`${address}\nMozilla/5.0 (X11; Linux x86_64)`);

  it.each([
    ['192.0.2.44:50123', '192.0.2.44'],
    ['[2001:db8::4]:443', '2001:db8::4'],
    ['[2001:db8::4]', '2001:db8::4'],
    ['2001:db8::4', '2001:db8::4'],
    ['::ffff:192.0.2.44', '192.0.2.44'],
    ['192.0.2.44, 10.1.2.3', '192.0.2.44'],
    ['192.0.2.44,10.1.2.3,10.1.2.4', '192.0.2.44'],
    ['unknown, 192.0.2.44:8080', '192.0.2.44'],
    ['"192.0.2.44, 10.1.2.3"', '192.0.2.44'],
    ['client.example', 'client.example'],
    ['localhost', 'localhost'],
  ])('%s is %s', (written, address) => {
    expect(visitor(written)).toBe(visitorOf(address));
  });

  it.each([
    '- -',
    '- ',
    '- ""',
    '- frank',
    '- frank miller',
    String.raw`- o\"hara`,
    'ident "frank"',
    '- a [b] c',
  ])('is the first field with the user %j', (user) => {
    expect(visitor('192.0.2.44', user)).toBe(visitorOf('192.0.2.44'));
  });

  it.each([
    ['no field', '-', '- -', 'neither an IP address nor the name'],
    ['a socket', 'unix:', '- -', 'neither an IP address nor the name'],
    ['a number', '300.1.2.3', '- -', 'neither an IP address nor the name'],
    ['unknown', 'unknown', '- -', 'neither an IP address nor the name'],
    ['a date of syslog', 'Nov', '28 10:00:00 web nginx: 192.0.2.44 - -', 'is not the client'],
    ['a container', 'web-1', ' | 192.0.2.44 - -', 'is not the client'],
    ['a server', 'shop.example', '192.0.2.44 - -', 'vhost_combined'],
    ['a server and its port', 'shop.example:443', '192.0.2.44 - -', 'vhost_combined'],
    ['a server before a named client', 'shop.example', 'client.example - -', 'vhost_combined'],
    ['a proxy', '10.1.2.3', '192.0.2.44 - -', 'vhost_combined'],
    ['a proxy before a server and a client', '10.1.2.3', 'shop.example 192.0.2.44 - -', 'is not the client'],
  ])('is not %s', (_what, ip, user, reason) => {
    expect(read(line({ ip, user })).reading).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });
});

describe('what a line says of the answer', () => {
  it.each([
    [{ status: '-' }, { bytes: 5316 }],
    [{ size: '-' }, { status: 200 }],
    [{ status: '-', size: '-' }, {}],
    [
      { status: '404', size: '0' },
      { status: 404, bytes: 0 },
    ],
  ])('is kept as far as it is there: %j', (parts, kept) => {
    const { status, bytes } = read(line(parts)).event as unknown as { status?: number; bytes?: number };
    expect({ ...(status !== undefined && { status }), ...(bytes !== undefined && { bytes }) }).toEqual(kept);
  });

  it.each([
    ' rt=0.25 uct="0.003" urt="0.20"',
    ' "-" h="shop.example"',
    ' scheme="https" x=\'y\' {"a": 1}',
    '\t17\t"open',
    ' My " agent"',
    ', 12 ms',
  ])('may be followed by anything: %j', (tail) => {
    expect(read(line({ tail })).event).toMatchObject({ page: '/shop/boots', userAgent: sample.userAgent });
  });

  it.each(['?a=1', '?'])('is not read for the target %s, which has no path', (target) => {
    expect(read(line({ request: `GET ${target} HTTP/1.1` })).reading).toEqual({
      ok: false,
      reason: 'its target has no path',
    });
  });

  it('is not read where the event would be larger than the pipeline takes', () => {
    const reason = 'as an event it is larger than 262144 bytes';
    expect(read(line({ userAgent: '\u0001'.repeat(50_000) })).reading).toEqual({ ok: false, reason });
    expect(read(line({ userAgent: 'x'.repeat(250_000) })).reading?.ok).toBe(true);
  });
});

describe('a line of a vhost_combined access log', () => {
  it.each([
    ['shop.example', 'shop.example'],
    ['shop.example:8443', 'shop.example'],
    ['198.51.100.80:80', '198.51.100.80'],
    ['[2001:db8::80]:443', '2001:db8::80'],
    ['_', '_'],
  ])('has the server %s before the client', (written, host) => {
    const { event } = readLine(readVhostCombined, `${written} ${line({ ip: '192.0.2.9:4711' })}`);

    expect(event).toMatchObject({ host, page: '/shop/boots', status: 200 });
    expect(event?.visitorId).toBe(sha256('192.0.2.9\nMozilla/5.0 (X11; Linux x86_64)'));
  });

  it.each([
    [line({ ip: '192.0.2.9' }), '--format combined takes lines that begin with it'],
    [`- ${line()}`, 'its first field is not the name of a server'],
    [`shop.example ${line({ ip: '-' })}`, "behind the server's name, its first field is neither"],
    ['server started', 'not a line of a vhost_combined access log'],
  ])('does not parse: %.60j', (text, reason) => {
    expect(readLine(readVhostCombined, text).reading).toEqual({
      ok: false,
      reason: expect.stringContaining(reason),
    });
  });
});

describe('a line of the second input', () => {
  it('has the number of the file in its id, and nothing else changed', () => {
    const first = readLine(readCombined, line(), { line: 7 }).event;
    const second = readLine(readCombined, line(), { line: 7, file: 2 }).event;

    expect(second).toEqual({ ...first, eventId: sha256(`2:7\n${line()}`) });
  });
});

describe('a line of a common access log', () => {
  const common = (parts: Partial<LineParts> = {}) => line(parts).replace(/ "[^"]*" "[^"]*"$/, '');

  it('becomes an event without referrer and user agent, of a visitor known by the address alone', () => {
    expect(readLine(readCommon, common(), { line: 9 }).event).toEqual({
      eventId: sha256(`9\n${common()}`),
      type: 'request',
      timestamp: '2015-05-17T10:05:03.000Z',
      visitorId: sha256('203.0.113.9\n'),
      page: '/shop/boots',
      method: 'GET',
      query: 'size=42&c=red',
      status: 200,
      bytes: 5316,
    });
  });

  it('may have further fields, which are passed over', () => {
    expect(readLine(readCommon, `${common()} 0.004 "x"`).event).toMatchObject({ page: '/shop/boots' });
    expect(readLine(readCommon, line()).event).not.toHaveProperty('userAgent');
  });

  it.each([
    ['server started', 'not a line of a common access log'],
    [common({ request: '-' }), 'its request is not "METHOD target HTTP/x"'],
    [common({ time: '32/May/2015:10:05:03 +0000' }), 'its time is not a valid "dd/Mon/yyyy:hh:mm:ss +hhmm"'],
  ])('does not parse: %s', (text, reason) => {
    expect(readLine(readCommon, text).reading).toEqual({ ok: false, reason });
  });
});

describe('the first 500 lines of a real log', () => {
  it('all parse, and agree with a plain split at the quotes', () => {
    const log = readFileSync(join(__dirname, '../fixtures/access-log-500.log'));
    const lines = log.toString('latin1').split('\n').slice(0, 500);

    expect(lines).toHaveLength(500);
    for (const [index, text] of lines.entries()) {
      const [, request = '', , referrer, , userAgent] = text.split('"');
      expect(read(Buffer.from(text, 'latin1'), index + 1).event).toMatchObject({
        page: request.split(' ')[1]!.split('?')[0],
        referrer,
        userAgent,
        visitorId: sha256(`${text.split(' ')[0]}\n${userAgent}`),
      });
    }
  });
});
