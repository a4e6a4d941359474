import fc from 'fast-check';
import { readRecord } from '../../domain/event/record';
import { jsonAccessFields, readJsonAccess } from '../../formats/json-access';
import { logTime, readLine, sha256 } from './read-line';

const nginx = {
  time_iso8601: '2026-03-04T05:06:07+01:00',
  remote_addr: '203.0.113.9',
  request: 'GET /shop/boots?size=42 HTTP/2.0',
  status: '200',
  http_referer: 'https://search.example/?q=boots',
  http_user_agent: 'Mozilla/5.0 (X11; "quoted")',
};

const read = (fields: object | string, number = 3) =>
  readLine(readJsonAccess, typeof fields === 'string' ? fields : JSON.stringify(fields), { line: number });

function without(...names: string[]) {
  return Object.fromEntries(Object.entries(nginx).filter(([name]) => !names.includes(name)));
}

describe('a line of a JSON access log', () => {
  it('becomes the event that the same request has in a combined log', () => {
    const text = JSON.stringify(nginx);

    expect(read(text).event).toEqual({
      eventId: sha256(`3\n${text}`),
      type: 'request',
      timestamp: '2026-03-04T04:06:07.000Z',
      visitorId: sha256('203.0.113.9\nMozilla/5.0 (X11; "quoted")'),
      page: '/shop/boots',
      referrer: 'https://search.example/?q=boots',
      userAgent: 'Mozilla/5.0 (X11; "quoted")',
      method: 'GET',
      query: 'size=42',
      status: 200,
    });
  });

  it.each([
    [{ uri: '/yearly figures.pdf' }, '/yearly figures.pdf'],
    [{ uri: '/über uns' }, '/über uns'],
    [{ path: '/ ' }, '/ '],
  ])('may have a decoded target with blanks: %j', (fields, page) => {
    expect(read({ ...without('request'), ...fields }).event?.page).toBe(page);
  });

  it('is read with the escapes of nginx that are not JSON', () => {
    const text = String.raw`{"msec":"1772597167.250","remote_addr":"203.0.113.9","request":"POST /x HTTP/1.1","http_user_agent":"My \x22old\x22 \xC3\xBC/\x5C1"}`;

    expect(read(text).event).toMatchObject({ page: '/x', userAgent: String.raw`My "old" ü/\1` });
  });

  it.each([
    ['status', 'status', 404, 404],
    ['status', 'status_code', '503', 503],
    ['status', 'response', '-', undefined],
    ['bytes', 'body_bytes_sent', '77', 77],
    ['bytes', 'bytes', 0, 0],
    ['bytes', 'size', 1.5, undefined],
    ['host', 'server_name', 'shop.example', 'shop.example'],
    ['host', 'host', { name: 'web-1' }, undefined],
    ['query', 'args', 'a=b', 'a=b'],
    ['query', 'args', '-', undefined],
    ['method', 'verb', 'PATCH', 'PATCH'],
  ])('has its %s from %s: %j', (field, name, value, expected) => {
    const fields = { ...without('request', 'status'), uri: '/x', [name]: value };
    expect((read(fields).event as Record<string, unknown>)[field]).toEqual(expected);
  });

  it('is of the same visitor whatever the port is, and of the first of several addresses', () => {
    const visitor = (remote_addr: string) => read({ ...nginx, remote_addr }).event?.visitorId;

    expect(visitor('203.0.113.9:61000')).toBe(visitor('203.0.113.9'));
    expect(visitor('203.0.113.9, 10.0.0.7')).toBe(visitor('203.0.113.9'));
  });

  it.each([
    ['@timestamp', '2026-03-04T04:06:07.250Z', '2026-03-04T04:06:07.250Z'],
    ['timestamp', '2026-03-04T05:06:07+0100', '2026-03-04T04:06:07.000Z'],
    ['time_local', '04/Mar/2026:05:06:07 +0100', '2026-03-04T04:06:07.000Z'],
    ['time', '[04/Mar/2026:05:06:07 +0100]', '2026-03-04T04:06:07.000Z'],
    ['msec', '1772597167.250', '2026-03-04T04:06:07.250Z'],
    ['ts', 1772597167.25, '2026-03-04T04:06:07.250Z'],
    ['timestamp', 1772597167250, '2026-03-04T04:06:07.250Z'],
  ])('may have its time in %s as %s', (name, value, timestamp) => {
    expect(read({ ...without('time_iso8601'), [name]: value }).event?.timestamp).toBe(timestamp);
  });

  it.each([
    [{ request_method: 'POST', request_uri: '/a%20b?c=d' }, '/a%20b'],
    [{ uri: '/x' }, '/x'],
    [{ url: 'https://site.example/y?z' }, 'https://site.example/y'],
    [{ path: '/p' }, '/p'],
  ])('may have its target without the rest of the request: %j', (fields, page) => {
    expect(read({ ...without('request'), ...fields }).event?.page).toBe(page);
  });

  it.each(jsonAccessFields.address)('may name the address %s', (name) => {
    const { visitorId } = read({ ...without('remote_addr'), [name]: '2001:db8::7' }).event!;

    expect(visitorId).toBe(sha256('2001:db8::7\nMozilla/5.0 (X11; "quoted")'));
  });

  it.each(jsonAccessFields.userAgent)('may name the user agent %s', (name) => {
    expect(read({ ...without('http_user_agent'), [name]: 'Ä/1' }).event).toMatchObject({
      userAgent: 'Ä/1',
      visitorId: sha256('203.0.113.9\nÄ/1'),
    });
  });

  it.each(jsonAccessFields.referrer)('may name the referrer %s', (name) => {
    expect(read({ ...without('http_referer'), [name]: 'https://r.example/' }).event?.referrer).toBe(
      'https://r.example/',
    );
  });

  it('leaves out what the log does not have', () => {
    const { event } = read(without('http_referer', 'http_user_agent'));

    const logged = ['method', 'query', 'status'];
    expect(Object.keys(event!)).toEqual(['eventId', 'type', 'timestamp', 'visitorId', 'page', ...logged]);
    expect(event?.visitorId).toBe(sha256('203.0.113.9\n'));
  });

  it.each([
    ['nonsense', 'not a JSON object'],
    ['[1]', 'not a JSON object'],
    [
      without('time_iso8601'),
      'none of time_iso8601, @timestamp, timestamp, time_local, time, msec, ts is a time',
    ],
    [{ ...nginx, time_iso8601: '2026-02-30T00:00:00Z' }, 'none of time_iso8601'],
    [{ ...nginx, time_iso8601: 1e300 }, 'none of time_iso8601'],
    [{ ...nginx, time_iso8601: -1 }, 'none of time_iso8601'],
    [
      { ...nginx, remote_addr: 7 },
      'none of remote_addr, clientip, client_ip, remote_ip, ip is an IP address or the name of a host',
    ],
    [{ ...nginx, remote_addr: '-' }, 'none of remote_addr'],
    [{ ...without('request'), uri: '?a=1' }, 'its target has no path'],
    [{ ...nginx, remote_addr: '' }, 'none of remote_addr'],
    [{ ...nginx, request: '-' }, 'neither request is "METHOD target HTTP/x"'],
    [without('request'), 'nor is any of request_uri, uri, url, path a target'],
    [`{"request":"${'x'.repeat(1_100_000)}"}`, 'not a JSON object'],
  ])('does not parse: %.60j', (fields, reason) => {
    expect(read(fields).reading).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });

  it('gives back what was written into it, for any fields', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(
        fc.ipV4(),
        text,
        text,
        fc.webPath().map((path) => path || '/'),
        fc.integer({ min: 0, max: 4_102_444_799 }),
        fc.integer({ min: -779, max: 779 }),
        (address, referrer, userAgent, page, at, offset) => {
          const line = JSON.stringify({
            time_local: logTime(at, offset),
            clientip: address,
            request_uri: `${page}?a=b`,
            referrer,
            agent: userAgent,
          });

          expect(read(line, 44).event).toEqual({
            eventId: sha256(`44\n${line}`),
            type: 'request',
            timestamp: new Date(at * 1000).toISOString(),
            visitorId: sha256(`${address}\n${userAgent}`),
            page,
            referrer,
            userAgent,
            query: 'a=b',
          });
        },
      ),
    );
  });

  it('gives an event or a reason, and no exception, for any JSON and for any bytes', () => {
    const names = Object.values(jsonAccessFields).flat();
    const value = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom('/x?y', '?', '198.51.100.4', 1772597167, 'GET / HTTP/1.1'),
    );
    const fields = fc.dictionary(fc.constantFrom(...names), value, { noNullPrototype: true });
    const anything = fc.oneof(
      fields.map((value) => Buffer.from(JSON.stringify(value))),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(anything, (line) => {
        const { reading } = readLine(readJsonAccess, line);
        if (!reading?.ok) {
          expect(reading?.reason).toBeTruthy();
          return;
        }
        const [click] = readRecord(Buffer.from(reading.outgoing(reading.at).data), Date.UTC(9998, 0));
        expect(click).toMatchObject({ ok: true });
      }),
    );
  });
});
