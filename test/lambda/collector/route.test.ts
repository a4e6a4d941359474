import { gunzipSync } from 'node:zlib';
import { clientFile } from '../../../lambda/collector/client-file';
import { readRequest } from '../../../lambda/collector/request';
import { route } from '../../../lambda/collector/route';
import { type RequestOverrides, urlEvent } from './request-factory';

const script = clientFile(Buffer.from('clicks()'));
const collect = jest.fn(async () => ({ status: 204, headers: {} }));
const proof = 'the secret';
const ask = (overrides: RequestOverrides, onlyCloudFront = false) =>
  route(readRequest(urlEvent(overrides), proof), {
    onlyCloudFront,
    files: new Map([['/clicks.js', script]]),
    origins: new Set(['https://shop.example', 'https://www.shop.example:8443']),
    collect,
  });
beforeEach(() => collect.mockClear());

describe('A page', () => {
  it.each([
    ['https://shop.example', true],
    ['https://www.shop.example:8443', true],
    ['https://abc123.lambda-url.eu-north-1.on.aws', true],
    ['', true],
    ['https://www.shop.example', false],
    ['http://shop.example', false],
    ['https://shop.example.evil.example', false],
    ['null', false],
  ])('of the origin "%s" may send: %s', async (origin, isAllowed) => {
    const answer = await ask({ headers: { origin } });
    expect(answer.status).toBe(isAllowed ? 204 : 403);
    expect(answer.headers['access-control-allow-origin']).toBe((isAllowed && origin) || undefined);
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    expect(collect).toHaveBeenCalledTimes(isAllowed ? 1 : 0);
  });

  it('is told before it sends JSON, and need not ask again for a day', async () => {
    expect(await ask({ method: 'OPTIONS' })).toEqual({
      status: 204,
      headers: {
        'access-control-allow-origin': 'https://shop.example',
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'content-type',
        'access-control-max-age': '86400',
        'access-control-expose-headers': 'retry-after',
        vary: 'origin',
      },
    });
    expect((await ask({ method: 'OPTIONS', headers: { origin: 'https://evil.example' } })).status).toBe(403);
    expect(collect).not.toHaveBeenCalled();
  });
});

describe('A path', () => {
  it.each([
    ['POST', '/events', 204],
    ['POST', '/any/prefix/events', 204],
    ['GET', '/events', 405],
    ['DELETE', '/events', 405],
    ['POST', '/', 404],
    ['POST', '/events/', 404],
    ['GET', '/clicks.js', 200],
    ['GET', '/any/prefix/clicks.js', 200],
    ['POST', '/clicks.js', 405],
  ])('%s %s is answered with %i', async (method, path, status) => {
    expect((await ask({ method, path })).status).toBe(status);
  });
});

describe('The client', () => {
  const get = (headers: Record<string, string>) => ask({ method: 'GET', path: '/clicks.js', headers });

  it('is compressed for whom takes that, and the same otherwise', async () => {
    const { headers, body } = await get({ 'accept-encoding': 'br, gzip' });
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', 'access-control-allow-origin': '*' });
    expect(String(gunzipSync(body as Buffer))).toBe('clicks()');
    for (const encodings of ['', 'br', 'identity, gzip;q=0', 'gzip ; q=0.000, br']) {
      expect(String((await get({ 'accept-encoding': encodings })).body)).toBe('clicks()');
    }
    for (const encodings of ['gzip;q=0.5', 'gzip;q=0.001', 'gzip;q=1, br;q=0']) {
      expect((await get({ 'accept-encoding': encodings })).headers['content-encoding']).toBe('gzip');
    }
  });

  it('is not sent again to whom has it', async () => {
    expect((await get({ 'if-none-match': script.etag })).status).toBe(304);
    expect((await get({ 'if-none-match': `"older", W/${script.etag}` })).status).toBe(304);
    expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
    expect((await get({})).status).toBe(200);
  });
});

describe('Where CloudFront alone may call', () => {
  it.each([
    ['POST', '/events'],
    ['OPTIONS', '/events'],
    ['GET', '/clicks.js'],
    ['GET', '/nothing'],
  ])(
    '%s %s is answered to it, and refused to everybody else before anything is read',
    async (method, path) => {
      const byCloudFront = { method, path, headers: { 'x-collector-proof': proof } };
      const open = await ask({ method, path });
      expect(await ask(byCloudFront, true)).toEqual(open);
      collect.mockClear();
      for (const guess of ['', 'a guess']) {
        const answer = await ask({ method, path, headers: { 'x-collector-proof': guess } }, true);
        expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('CollectorUrl') });
      }
      expect(collect).not.toHaveBeenCalled();
    },
  );
});
