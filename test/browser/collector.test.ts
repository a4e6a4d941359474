import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Command } from '../../chaos/child';
import { readLocalPipeline } from '../../cli/local-pipeline';
import { seededRandom } from '../../domain/numbers/random';
import { runCommand } from '../end-to-end/local-pipeline';
import { type AdverseProxy, misfortunes, startAdverseProxy } from '../support/adverse-proxy';
import { temporaryFolder } from '../support/temporary-folder';
import { freePort } from './browser';

/** Steps of the visitor who meets misfortune. */
const steps = Number(process.env.COLLECTOR_STEPS ?? 120);

const dataDir = join(temporaryFolder('collector'), 'data');
let site: Server;
let other: Server;
let proxy: AdverseProxy;
let pipeline: Command;
let browser: Browser;
let shop: string;

beforeAll(async () => {
  proxy = await startAdverseProxy('a bad day');
  site = await startSite();
  other = await startSite();
  shop = addressOf(site);
  pipeline = runCommand(
    'local',
    ...['--data-dir', dataDir, '--port', String(await freePort()), '--no-producer'],
    ...[
      '-c',
      `collectorOrigins=${shop}`,
      '-c',
      'batchingWindowSeconds=0',
      '-c',
      'collectorEventsPerMinute=0',
    ],
  );
  await pipeline.says('Ctrl-C delivers');
  proxy.target = (await readLocalPipeline(dataDir)).endpoints.collector!;
  browser = await startChromium();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  pipeline?.child.kill('SIGINT');
  await pipeline?.ended;
  await proxy?.close();
  for (const server of [site, other]) {
    server?.closeAllConnections();
    server?.close();
  }
}, 60_000);

function startChromium(...args: string[]): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  if (process.getuid?.() === 0) args.push('--no-sandbox');
  return chromium.launch({ executablePath, args });
}

const addressOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** A site of any number of pages, under a policy that allows the client and nothing else. */
async function startSite(): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const { searchParams } = new URL(url, 'http://site');
    const attributes = searchParams.get('attributes') ?? 'data-webdriver="counted"';
    response.writeHead(200, {
      'content-type': 'text/html',
      'content-security-policy': `default-src 'none'; script-src ${proxy.address}; connect-src ${proxy.address}`,
    });
    response.end(
      `<!doctype html><title>Page</title>${searchParams.get('markup') ?? ''}<script defer src="${proxy.address}/clicks.js" ${attributes}></script>
       <p><button data-click="buy">Buy</button><a href="/next" data-click>Next</a>
       <a href="http://localhost:9/out?q=1">Out</a></p>`,
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

/** The counters of a dimension. */
async function counted(dimension: string): Promise<Record<string, number>> {
  const report = runCommand(
    'report',
    '--local',
    dataDir,
    '--dimension',
    dimension,
    '--top',
    '5000',
    '--json',
  );
  const { stdout } = await report.ended;
  const rows = JSON.parse(stdout) as { value: string; count: number }[];
  return Object.fromEntries(rows.map(({ value, count }) => [value, count]));
}

/** Resolves once the counters are as expected. */
async function untilCounted(
  dimension: string,
  expected: Readonly<Record<string, number>>,
  of: RegExp,
  withinMs = 30_000,
): Promise<void> {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = Object.fromEntries(
      Object.entries(await counted(dimension)).filter(([value]) => of.test(value)),
    );
    if (Date.now() > end || JSON.stringify(sorted(found)) === JSON.stringify(sorted(expected))) {
      expect(sorted(found)).toEqual(sorted(expected));
      return;
    }
  }
}

const sorted = (counts: Readonly<Record<string, number>>) => Object.entries(counts).sort();
const kept = (page: Page): Promise<number> =>
  page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('clicks:e:')).length");
const lost = (page: Page): Promise<number> => page.evaluate("Number(localStorage.getItem('clicks:lost'))");
const push = (page: Page, path: string) => page.evaluate(`history.pushState(null, '', '${path}')`);
/** An event of the page's own, which counts for another page. */
const track = (page: Page, type: string, path: string) =>
  page.evaluate(`clicks.track('${type}', { page: '${path}' })`);

async function untilSent(page: Page, withinMs = 60_000): Promise<void> {
  const end = Date.now() + withinMs;
  while ((await kept(page)) > 0) {
    if (Date.now() > end) expect(await kept(page)).toBe(0);
    await page.waitForTimeout(100);
  }
}

async function open(path: string, context?: BrowserContext): Promise<Page> {
  const page = await (context ?? (await browser.newContext())).newPage();
  await page.goto(`${shop}${path}`);
  return page;
}

describe('A page with the client', () => {
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  it('counts its views, marked clicks, links that lead elsewhere, history, and events of its own', async () => {
    const page = await open('/seen/first?secret=1');
    await page.getByText('Buy').click();
    await push(page, '/seen/second?q=2');
    await page.evaluate("history.replaceState(null, '', '/seen/second?q=3')");
    const id = await track(page, 'order', '/seen/order');
    expect(id).toMatch(/^[a-z0-9]{12,}$/);
    await page.evaluate('history.back()');
    await page.waitForURL(/first/);
    await page.evaluate("addEventListener('click', (event) => event.preventDefault())");
    await page.getByText('Out').click();
    await page.goto(`${shop}/seen/last`);
    await untilSent(page);
    await untilCounted(
      'page',
      { '/seen/first': 4, '/seen/second': 1, '/seen/order': 1, '/seen/last': 1 },
      /^\/seen/,
    );
    await untilCounted('element', { buy: 1, 'localhost:9/out': 1 }, /^(?:buy|localhost)/);
    await untilCounted('type', { page_view: 4, click: 1, outbound: 1, order: 1 }, /./);
    expect(proxy.bodies.join()).not.toContain('secret');
    expect(await page.evaluate('document.cookie')).toBe('');
  }, 60_000);

  it('has one global name', async () => {
    const page = await browser.newPage();
    await page.goto(`${shop}/globals?attributes=data-automatic="off"`);
    const names = await page.evaluate(
      `{
        const frame = document.createElement('iframe');
        document.body.append(frame);
        const fresh = new Set(Object.getOwnPropertyNames(frame.contentWindow));
        Object.getOwnPropertyNames(window).filter((name) => !fresh.has(name) && Number.isNaN(Number(name)));
      }`,
    );
    expect(names).toEqual(['clicks']);
  });

  it.each([
    ['a browser that a program steers', 'data-none', false],
    ['one that asks for privacy', 'data-webdriver="counted"', true],
  ])('leaves %s alone', async (_, attributes, asksForPrivacy) => {
    const context = await browser.newContext();
    if (asksForPrivacy) {
      await context.addInitScript(
        "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })",
      );
    }
    const before = proxy.bodies.length;
    const page = await context.newPage();
    await page.goto(`${shop}/alone?attributes=${encodeURIComponent(attributes)}`);
    expect(await track(page, 'order', '/alone')).toBeUndefined();
    expect(await page.evaluate('Object.keys(localStorage)')).toEqual([]);
    await page.goto('about:blank');
    expect(proxy.bodies.length).toBe(before);
  });

  it('sends nothing to where markup leads it that is named like the script', async () => {
    const markup = '<img name="currentScript" src="http://localhost:9/clicks.js">';
    const page = await browser.newPage();
    await page.goto(`${shop}/astray?markup=${encodeURIComponent(markup)}`);
    expect(await page.evaluate('document.currentScript.tagName')).toBe('IMG');
    expect(await page.evaluate('typeof clicks')).toBe('undefined');
  });

  it('tells of what it had to give up, and goes on', async () => {
    const { target } = proxy;
    const attributes = encodeURIComponent(
      'data-webdriver="counted" data-automatic="off" data-unconfirmed-seconds="1"',
    );
    const page = await open(`/lost?attributes=${attributes}`);
    // Nobody listens there.
    proxy.target = 'http://127.0.0.1:9';
    await track(page, 'own', '/lost/first');
    await untilSent(page);
    expect(await lost(page)).toBe(1);
    proxy.target = target;
    await track(page, 'own', '/lost/second');
    await untilSent(page);
    expect(await lost(page)).toBe(0);
    expect(proxy.bodies.at(-1)).toContain('"lost":1');
    await untilCounted('page', { '/lost/second': 1 }, /^\/lost/);
  }, 60_000);

  it('of a site that is not on the list counts nothing', async () => {
    const page = await browser.newPage();
    proxy.statuses.length = 0;
    await page.goto(`${addressOf(other)}/stranger`);
    while (proxy.statuses.length === 0) await page.waitForTimeout(20);
    expect(proxy.statuses).toEqual([403]);
    // The page cannot read that, and takes it for a cut connection.
    expect(await kept(page)).toBe(1);
    expect(Object.keys(await counted('page'))).not.toContain('/stranger');
  });
});

describe('The demo site', () => {
  it('moves the dashboard by a click', async () => {
    // As a browser that nobody steers, since the demo counts no others.
    const visitor = await startChromium('--disable-blink-features=AutomationControlled');
    const { collector, dashboard } = (await readLocalPipeline(dataDir)).endpoints;
    const page = await visitor.newPage();
    await page.goto(`${collector}/demo/`);
    const looking = await browser.newPage();
    await looking.goto(dashboard);
    const clickedAt = Date.now();
    await page.getByText('Newsletter').click();
    await looking.locator('.top-element').getByText('newsletter').waitFor({ timeout: 20_000 });
    process.stderr.write(`from click to dashboard: ${Date.now() - clickedAt} ms\n`);
    await page.getByText('Sofa').click();
    await looking.locator('.top-page').getByText('/demo/sofa').waitFor({ timeout: 20_000 });
    await looking.close();
    await visitor.close();
  }, 60_000);
});

describe('A visitor who meets misfortune', () => {
  it(`has each of ${steps} events counted once, wherever it was when the page went`, async () => {
    const random = seededRandom('a visitor');
    const expected: Record<string, number> = {};
    const context = await browser.newContext();
    let page = await context.newPage();
    let isOffline = false;
    let next = 0;
    const view = async () => {
      const path = `/walk/view-${next++}`;
      await page.goto(`${shop}${path}`, { waitUntil: 'load' });
      expected[path] = 1;
    };
    const setOffline = async (offline: boolean) => {
      isOffline = offline;
      await context.setOffline(offline);
    };
    await view();
    proxy.rate = 0.4;
    const acts: Record<string, () => Promise<void>> = {
      view,
      history: async () => {
        const path = `/walk/history-${next++}`;
        await push(page, path);
        expected[path] = 1;
      },
      own: async () => {
        const path = `/walk/own-${next++}`;
        await track(page, 'own', path);
        expected[path] = 1;
      },
      'own and gone': async () => {
        const path = `/walk/gone-${next++}`;
        await track(page, 'own', path);
        expected[path] = 1;
        if (isOffline) return;
        await view();
      },
      hide: async () => {
        for (const state of ['hidden', 'visible']) {
          await page.evaluate(
            `Object.defineProperty(document, 'visibilityState', { configurable: true, value: '${state}' });
             document.dispatchEvent(new Event('visibilitychange'));`,
          );
        }
      },
      'another tab': async () => {
        const path = `/walk/last-${next++}`;
        await track(page, 'own', path);
        expected[path] = 1;
        await setOffline(false);
        await page.close({ runBeforeUnload: false });
        page = await context.newPage();
        await view();
      },
      offline: () => setOffline(!isOffline),
      wait: () => page.waitForTimeout(random.below(400)),
    };
    for (let step = 0; Object.keys(expected).length < steps && step < 20 * steps; step++) {
      const name = random.pick(Object.keys(acts));
      // Without a network there is no other page.
      if (name === 'view' && isOffline) continue;
      await acts[name]!();
    }
    await setOffline(false);
    proxy.rate = 0;
    await untilSent(page, 120_000);
    expect(await lost(page)).toBe(0);
    if (steps >= 100)
      for (const misfortune of misfortunes)
        expect([misfortune, proxy.met[misfortune] > 0]).toEqual([misfortune, true]);
    await untilCounted('page', expected, /^\/walk/);
    process.stderr.write(`${JSON.stringify({ events: Object.keys(expected).length, met: proxy.met })}\n`);
    await context.close();
  }, 600_000);
});
