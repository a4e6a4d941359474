import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { contentSecurityPolicy } from '../../contract/content-security-policy';
import { buildPage } from '../../dashboard/build';
import { apiBench, clicksAt } from '../query/api-bench';
import { startBrowser, type TestBrowser, violations } from './browser';

interface Hosted {
  readonly address: string;
  /** Tokens that the API was asked with; undefined without any. */
  readonly tokens: Set<string | undefined>;
  readonly signIns: URLSearchParams[];
  readonly signOuts: URLSearchParams[];
  /** Tokens that are worth nothing any more. */
  readonly revoked: (string | null)[];
  server: Server;
}

/** The hosted page, the API behind a token, and an issuer of tokens that signs everybody in, all at one address. */
async function startHosted(): Promise<Hosted> {
  const files = await buildPage('hosted');
  const bench = apiBench({ now: Date.now() });
  const minuteAgo = new Date(Date.now() - 60_000).toISOString();
  await bench.count(clicksAt([minuteAgo], '/seen'));
  const tokens: Hosted['tokens'] = new Set();
  const signIns: URLSearchParams[] = [];
  const signOuts: URLSearchParams[] = [];
  const revoked: Hosted['revoked'] = [];
  const challenges = new Map<string, string>();

  const answer = async (request: IncomingMessage, origin: string) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', origin);
    const json = (body: object) => ({ status: 200, type: 'application/json', body: JSON.stringify(body) });
    const authority = `${origin}/issuer`;
    if (pathname === '/sign-in.json') {
      return json({ authority, clientId: 'client-1', signOut: `${authority}/logout` });
    }
    if (pathname === '/issuer/.well-known/openid-configuration') {
      return json({
        issuer: authority,
        authorization_endpoint: `${authority}/authorize`,
        token_endpoint: `${authority}/token`,
        revocation_endpoint: `${authority}/revoke`,
      });
    }
    if (pathname === '/issuer/logout') {
      signOuts.push(searchParams);
      return { status: 302, type: 'text/plain', body: '', location: searchParams.get('logout_uri') ?? '' };
    }
    if (pathname === '/issuer/revoke') {
      revoked.push(new URLSearchParams(Buffer.concat(await request.toArray()).toString()).get('token'));
      return json({});
    }
    if (pathname === '/issuer/authorize') {
      signIns.push(searchParams);
      const code = `code-${signIns.length}`;
      challenges.set(code, searchParams.get('code_challenge') ?? '');
      const back = new URL(searchParams.get('redirect_uri') ?? '');
      back.search = new URLSearchParams({ code, state: searchParams.get('state') ?? '' }).toString();
      return { status: 302, type: 'text/plain', body: '', location: back.href };
    }
    if (pathname === '/issuer/token') {
      const given = new URLSearchParams(Buffer.concat(await request.toArray()).toString());
      const proof = createHash('sha256')
        .update(given.get('code_verifier') ?? '')
        .digest('base64url');
      if (proof !== challenges.get(given.get('code') ?? ''))
        return { status: 400, type: 'text/plain', body: '' };
      const now = Math.floor(Date.now() / 1_000);
      const claims = { iss: authority, aud: 'client-1', sub: 'somebody', iat: now, exp: now + 3_600 };
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const id_token = `${part({ alg: 'RS256' })}.${part(claims)}.signature`;
      const refresh_token = `refresh-${signIns.length}`;
      return json({
        access_token: 'token-1',
        id_token,
        refresh_token,
        token_type: 'Bearer',
        expires_in: 3_600,
      });
    }
    if (pathname.startsWith('/api/')) {
      const token = request.headers.authorization;
      tokens.add(token);
      if (token !== 'Bearer token-1') return { status: 401, type: 'application/json', body: '{}' };
      const { status, body } = await bench.ask(request.url ?? '');
      return { status, type: 'application/json', body };
    }
    const file = files.get(pathname);
    return { status: file ? 200 : 404, type: file?.type ?? 'text/plain', body: file?.body ?? '' };
  };
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    answer(request, `http://127.0.0.1:${port}`).then(({ status, type, body, ...rest }) => {
      const location = 'location' in rest ? { location: rest.location } : {};
      response.writeHead(status, {
        'content-type': type,
        'content-security-policy': contentSecurityPolicy(),
        ...location,
      });
      response.end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { address, tokens, signIns, signOuts, revoked, server };
}

describe('the hosted page', () => {
  let browser: TestBrowser;
  let hosted: Hosted;
  beforeAll(async () => {
    browser = await startBrowser();
    hosted = await startHosted();
  });
  afterAll(async () => {
    hosted.server.closeAllConnections();
    hosted.server.close();
    await browser.close();
  });

  it('signs in by the code flow with a proof, comes back to what was looked at, and asks with its token alone', async () => {
    const page = await browser.open(`${hosted.address}/?range=7d`);
    expect(await page.locator('.top-page').textContent()).toContain('/seen');
    const url = new URL(page.url());
    expect([url.pathname, url.searchParams.get('code'), url.searchParams.get('state')]).toEqual([
      '/',
      null,
      null,
    ]);
    expect(url.search + url.hash).toContain('range=7d');

    expect(hosted.signIns.map((asked) => Object.fromEntries(asked))).toEqual([
      expect.objectContaining({
        client_id: 'client-1',
        response_type: 'code',
        scope: 'openid',
        code_challenge_method: 'S256',
        redirect_uri: `${hosted.address}/`,
      }),
    ]);
    expect([...hosted.tokens]).toEqual(['Bearer token-1']);
    // Of this tab alone.
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('token-1');
    expect(await page.evaluate('JSON.stringify(sessionStorage)')).toContain('token-1');
    await page.context().close();
  }, 60_000);

  it('signs out of the pool and of every tab, forgets its tokens, and does not sign in again by itself', async () => {
    const page = await browser.open(`${hosted.address}/?range=7d`);
    const other = await page.context().newPage();
    await other.goto(hosted.address);
    await other.locator('.top-page .values').waitFor();
    const signIns = hosted.signIns.length;

    await page.getByRole('button', { name: 'Sign out' }).click();
    for (const tab of [page, other]) {
      await tab.getByRole('heading', { name: 'You are signed out' }).waitFor();
      const kept = await tab.evaluate('JSON.stringify([sessionStorage, localStorage])');
      expect(kept).not.toMatch(/token|refresh/);
      expect(await tab.locator('.values').count()).toBe(0);
    }
    expect(hosted.revoked.toSorted()).toEqual([`refresh-${signIns - 1}`, `refresh-${signIns}`]);
    expect(hosted.signOuts.map((asked) => Object.fromEntries(asked))).toEqual([
      { client_id: 'client-1', logout_uri: `${hosted.address}/` },
    ]);
    expect(hosted.signIns).toHaveLength(signIns);
    expect(await violations(page)).toEqual([]);

    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('.top-page .values').waitFor();
    expect(hosted.signIns).toHaveLength(signIns + 1);
    await page.context().close();
  }, 60_000);
});
