import { request } from 'node:http';
import type { PageFile } from '../../dashboard/build';
import { type Dashboard, startDashboard } from '../../dashboard/serve';
import type { Api } from '../../query/api';

const file = (body: string): PageFile => ({ body: Buffer.from(body), type: 'text/html', etag: `"${body}"` });
/** Answers with what it was asked. */
const api: Api = async ({ method, path, query, headers }) => ({
  status: 200,
  headers: { 'content-type': 'application/json', 'x-known': headers['if-none-match'] ?? 'nothing' },
  body: method === 'HEAD' ? '' : JSON.stringify({ method, path, query: [...query] }),
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function ask(
  dashboard: Dashboard,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(dashboard.address);
    const asked = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      response.toArray().then((chunks) => {
        const body = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      }, reject);
    });
    asked.on('error', reject).end();
  });
}

describe('the dashboard on this machine', () => {
  let dashboard: Dashboard;
  let builds = 0;
  beforeAll(async () => {
    const buildPage = async () => {
      builds++;
      if (builds === 1) throw new Error('no page yet');
      return new Map([['/', file('page')]]);
    };
    dashboard = await startDashboard({ port: 0, api, buildPage });
  });
  afterAll(() => dashboard.close());

  it('builds the page when it is asked for, until it succeeds once', async () => {
    expect(builds).toBe(0);
    expect((await ask(dashboard, '/')).status).toBe(500);
    for (const _ of [1, 2]) expect(await ask(dashboard, '/')).toMatchObject({ status: 200, body: 'page' });
    expect(builds).toBe(2);
    expect((await ask(dashboard, '/', { 'if-none-match': '"page"' })).status).toBe(304);
    expect(await ask(dashboard, '/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
    expect((await ask(dashboard, '/../package.json')).status).toBe(404);
    expect((await ask(dashboard, '/', {}, 'PUT')).status).toBe(405);
  });

  it('hands what is below /api/ to the API', async () => {
    const { body, headers } = await ask(dashboard, '/api/top?limit=3&search=%2Fa', {
      'if-none-match': '"x"',
    });
    expect(JSON.parse(body)).toEqual({
      method: 'GET',
      path: '/api/top',
      query: [
        ['limit', '3'],
        ['search', '/a'],
      ],
    });
    expect(headers['x-known']).toBe('"x"');
  });

  it('lets the page run only what came from here, whatever is answered', async () => {
    for (const path of ['/', '/none', '/api/about']) {
      const { headers } = await ask(dashboard, path);
      expect(headers).toMatchObject({
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('answers its own page, and no other', async () => {
    const port = new URL(dashboard.address).port;
    const own = { host: `127.0.0.1:${port}`, 'sec-fetch-site': 'same-origin' };
    const statusOf = async (headers: Record<string, string>) =>
      (await ask(dashboard, '/api/about', headers)).status;
    expect(await statusOf(own)).toBe(200);
    expect(await statusOf({ ...own, host: `localhost:${port}`, origin: `http://localhost:${port}` })).toBe(
      200,
    );
    expect(await statusOf({ ...own, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await statusOf({ ...own, 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await statusOf({ ...own, origin: 'https://example.com' })).toBe(403);
    expect(await statusOf({ ...own, origin: 'http://127.0.0.1:1' })).toBe(403);
    // A name that a web page has pointed at this machine.
    expect(await statusOf({ ...own, host: `rebound.example:${port}` })).toBe(403);
  });
});
