import { request } from 'node:http';
import type { Invocation } from '../../../local/function-runtime/lambda-function';
import { demoPath, readDemoSite } from '../../../local/function-url/demo-site';
import { type ServedFunctionUrl, serveFunctionUrl } from '../../../local/function-url/serve-function-url';

let invocation: Invocation;
const invoke = jest.fn(async (_event: string) => invocation);
const onAnswered = jest.fn();
let served: ServedFunctionUrl;
beforeAll(async () => {
  served = await serveFunctionUrl({ port: 0, target: { invoke }, site: await readDemoSite(), onAnswered });
});
afterAll(() => served.close());
beforeEach(() => {
  invoke.mockClear();
  onAnswered.mockClear();
  invocation = {
    kind: 'returned',
    payload: { statusCode: 202, headers: { 'x-own': 'yes' }, body: 'done' },
    payloadBytes: 0,
  };
});

describe('A function behind HTTP', () => {
  it('is invoked with the request, origin included, and answers it', async () => {
    const answer = await fetch(`${served.address}/events`, {
      method: 'POST',
      body: 'text',
      headers: { origin: 'https://anybody.example', 'sec-fetch-site': 'cross-site' },
    });
    expect([answer.status, answer.headers.get('x-own'), await answer.text()]).toEqual([202, 'yes', 'done']);
    expect(JSON.parse(invoke.mock.calls[0]![0])).toMatchObject({
      rawPath: '/events',
      headers: { origin: 'https://anybody.example' },
      body: 'text',
    });
  });

  it('that fails, or answers with something else, is a bad gateway', async () => {
    for (const bad of [
      { kind: 'failed', errorType: 'Error', errorMessage: 'secret' } as const,
      { kind: 'returned', payload: 'text', payloadBytes: 0 } as const,
    ]) {
      invocation = bad;
      const answer = await fetch(served.address);
      expect([answer.status, await answer.text()]).toEqual([502, '{"Message":"Internal Server Error"}']);
    }
    expect(onAnswered.mock.calls).toEqual([[502], [502]]);
  });

  it('that may not run any more often is answered for with 429', async () => {
    invoke.mockRejectedValueOnce(Object.assign(new Error(), { name: 'TooManyRequestsException' }));
    expect((await fetch(served.address)).status).toBe(429);
    expect(onAnswered).toHaveBeenCalledWith(429);
  });

  it('is not reached under a name that somebody has pointed at this machine', async () => {
    const { port } = new URL(served.address);
    const status = await new Promise((resolve) => {
      request({ port, host: '127.0.0.1', headers: { host: `rebound.example:${port}` } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(403);
    expect(invoke).not.toHaveBeenCalled();
  });

  it('takes no body that Lambda would not', async () => {
    const body = Buffer.alloc(6 * 1024 * 1024 + 1);
    expect((await fetch(served.address, { method: 'POST', body })).status).toBe(413);
    expect(invoke).not.toHaveBeenCalled();
  });
});

describe('The demo site', () => {
  it('stands beside it, under a strict policy', async () => {
    const page = await fetch(`${served.address}${demoPath}`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    expect(await page.text()).toContain('<script defer src="/clicks.js">');
    for (const path of ['chairs.html', 'lamps.html', 'style.css', 'demo.js']) {
      expect((await fetch(`${served.address}${demoPath}${path}`)).status).toBe(200);
    }
    expect(invoke).not.toHaveBeenCalled();
  });

  it('gives out no other file', async () => {
    await fetch(`${served.address}${demoPath}..%2Fclient%2Fscript.ts`);
    expect(invoke).toHaveBeenCalledTimes(1);
  });
});
