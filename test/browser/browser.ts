import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Debian's Chromium, or the browser that the environment names. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

export interface TestBrowser {
  /** A page of a browser that was never there before; what goes wrong in it fails the test at `close`. */
  open(address: string, options?: BrowserContextOptions): Promise<Page>;
  /** @throws Error with what any page said on its console, or was forbidden by its policy */
  close(): Promise<void>;
}

/** @throws Error that says how to get a browser, if there is none */
export async function startBrowser(): Promise<TestBrowser> {
  if (!existsSync(executablePath)) {
    throw new Error(
      `no browser at ${executablePath}: apt-get install chromium, or set CHROMIUM to another's path`,
    );
  }
  // Its sandbox cannot be had by root, who runs the tests in a container.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser: Browser = await chromium.launch({ executablePath, args });
  const complaints: string[] = [];
  return {
    async open(address, options = {}) {
      const context = await browser.newContext({
        locale: 'en-US',
        timezoneId: 'Europe/Berlin',
        viewport: { width: 1280, height: 900 },
        ...options,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
      page.on('console', (message) => {
        const isExpected = /net::ERR_|Failed to load resource/.test(message.text());
        if (['error', 'warning'].includes(message.type()) && !isExpected) complaints.push(message.text());
      });
      await page.goto(address);
      if (address.startsWith('http')) await page.locator('.top-page :is(.values, .none)').first().waitFor();
      return page;
    },
    async close() {
      await browser.close();
      if (complaints.length > 0) throw new Error(complaints.join('\n'));
    },
  };
}

/** What axe-core finds wrong with the page as it stands, each rule with the places. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as axe.AxeResults;
  return found.violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join('; ')}`,
  );
}

/**
 * Resolves once an expression has a value in the page: Playwright's own way of waiting evaluates text there, which the
 * page's policy forbids.
 * @throws what `expect` says of the last value, after ten seconds
 */
export async function untilIn(page: Page, expression: string, expected: unknown): Promise<void> {
  const end = Date.now() + 10_000;
  for (;;) {
    const value: unknown = await page.evaluate(expression);
    if (isDeepStrictEqual(value, expected)) return;
    if (Date.now() > end) expect(value).toEqual(expected);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A number of the page, as it is shown: `12,345` is 12345. */
export function numberIn(text: string | null): number {
  return Number((text ?? '').replace(/[^\d]/g, ''));
}

const portsOfPipeline = 6;

/**
 * One from which on those of a pipeline are free. Not among those that a system hands out by itself (from 32768 on):
 * a test that runs beside this one would get one of them.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const first = 10_000 + Math.floor(Math.random() * 20_000);
    const ports = Array.from({ length: portsOfPipeline }, (_, index) => first + index);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
