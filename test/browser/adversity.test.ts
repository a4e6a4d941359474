import type { Page } from 'playwright-core';
import { type FakeDashboard, startFakeDashboard } from '../support/fake-dashboard';
import { retentionDays } from '../support/retention-factory';
import { startBrowser, type TestBrowser, violations } from './browser';

let fake: FakeDashboard;
let browser: TestBrowser;
beforeAll(async () => {
  browser = await startBrowser();
}, 60_000);
afterAll(() => browser?.close());
beforeEach(async () => {
  fake = await startFakeDashboard();
});
afterEach(() => fake.close());

describe('Values that somebody has made up', () => {
  const values = {
    markup: `/<img src=x onerror="document.title='owned'">`,
    script: `"><script>document.title='owned'</script>`,
    reversed: '/\u202egpj.exe',
    lines: '/one\ntwo\u0000three',
    long: `/${'w'.repeat(199)}`,
    formula: '=cmd|calc',
    empty: ' ',
  };

  it('are shown as text, whatever they hold, and can be told apart', async () => {
    fake.override({
      values: { page: Object.values(values).map((value) => [value, 50]), total: [['all', 400]] },
    });
    const page = await browser.open(`${fake.address}?range=7d&compare=previous`, {
      viewport: { width: 360, height: 800 },
    });
    const shown = await page.locator('.top-page tbody bdi').allTextContents();
    expect(shown).toEqual([
      values.markup,
      values.script,
      '/\\u{202e}gpj.exe',
      '/one\\u{a}two\\u{0}three',
      values.long,
      values.formula,
      values.empty,
    ]);
    expect(await page.locator('img, iframe').count()).toBe(0);
    expect(await page.title()).not.toBe('owned');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    for (const value of [values.markup, values.reversed, values.long]) {
      await page.goto(`${fake.address}?range=7d&dimension=page&value=${encodeURIComponent(value)}`);
      await page.locator('.subject').waitFor();
      await page.getByRole('button', { name: 'Ask for both' }).click();
      await page.locator('pre').waitFor();
      expect(await page.locator('body').textContent()).not.toContain('\u202e');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      expect(await page.title()).not.toBe('owned');
    }
    await page.context().close();
  }, 30_000);

  it('in the address run nothing', async () => {
    const query = new URLSearchParams({
      range: '7d',
      zone: values.markup,
      all: values.script,
      search: values.markup,
    });
    const page = await browser.open(`${fake.address}?${query}`);
    expect(await page.locator('img, iframe').count()).toBe(0);
    expect(await page.title()).not.toBe('owned');
    await page.context().close();
  });
});

describe('A server that is gone', () => {
  const banner = (page: Page) => page.getByRole('status').filter({ hasText: 'No answer since' });

  it('is said to be, with the numbers that were there; once it is back, it is asked at once', async () => {
    const page = await browser.open(`${fake.address}?range=7d`);
    const before = await page.locator('[data-metric="clicks"] strong').textContent();
    await fake.setReachable(false);
    await banner(page).waitFor();
    expect(await page.locator('[data-metric="clicks"] strong').textContent()).toBe(before);
    expect(await violations(page)).toEqual([]);

    await fake.setReachable(true);
    fake.override({ values: { total: [['all', 7]], page: [['/back', 7]] } });
    await page.getByRole('button', { name: 'Ask now' }).click();
    await banner(page).waitFor({ state: 'detached' });
    await page.locator('.top-page').getByText('/back').waitFor();
    await page.context().close();
  }, 30_000);

  it('is found by the page itself when it is back', async () => {
    const page = await browser.open(fake.address);
    await page.context().setOffline(true);
    await banner(page).waitFor();
    await page.context().setOffline(false);
    await banner(page).waitFor({ state: 'detached' });
    await page.context().close();
  }, 30_000);
});

describe('A question that the API refuses', () => {
  it('is answered with its reason, and with what is allowed', async () => {
    const page = await browser.open(`${fake.address}?range=7d`);
    fake.override({
      refusal: { status: 400, body: { error: 'minutes are kept for 7 days', allowed: 'window=hour' } },
    });
    await page.keyboard.press('t');
    await page.getByText('minutes are kept for 7 days; allowed: window=hour').waitFor();
    await page.context().close();
  });
});

describe('A pipeline that is not well', () => {
  it('is said to be in a line, and what rings has its meaning and its runbook below', async () => {
    fake.override({
      health: {
        now: '2026-11-28T12:00:00Z',
        countedUntil: '2026-11-28T11:51:00Z',
        shards: [{ shard: 'clicks/shardId-000000000007', countedUntil: '2026-11-28T11:51:00Z' }],
        lastHour: { clicks: 11, invalid: 12, duplicates: 14 },
        lateness: { from: '2026-11-27T11:00:00Z', to: '2026-11-28T11:00:00Z', clicks: 16, late: 15 },
        lagMs: { counting: 540_000, archive: 3_000 },
        givenUpBatches: 3,
        alarms: [
          {
            name: 'clickstream-fake-aggregation-AggregatorBehind',
            state: 'ALARM',
            since: '2026-11-28T11:55:00Z',
            description: 'The counters are behind the stream.',
            value: 540_000,
            threshold: 60_000,
            runbook: 'docs/operations.md#aggregatorbehind',
          },
        ],
      },
    });
    const page = await browser.open(`${fake.address}?range=7d`);
    const strip = page.getByRole('region', { name: 'Condition of the pipeline' });
    await strip.getByText('Alarm: clickstream-fake-aggregation-AggregatorBehind').waitFor();
    await strip.getByText('3 batches were given up').waitFor();
    await strip.getByText('Counting is 9 min behind the stream').waitFor();
    await page.locator('.now').getByText('counted until 9 min ago').waitFor();
    await strip.locator('summary').click();
    await strip
      .getByText('aggregation-AggregatorBehind since Sat 28 Nov, 12:55: 540000, the threshold is 60000.')
      .waitFor();
    await strip.getByText('docs/operations.md#aggregatorbehind').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });
});

describe('A page that nobody sees', () => {
  it('asks for nothing, and asks at once when somebody looks again', async () => {
    const page = await browser.open(fake.address);
    const setHidden = (isHidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { configurable: true, value: ${isHidden} });
         document.dispatchEvent(new Event('visibilitychange'));`,
      );
    await page.waitForRequest(/api\/health/);
    await setHidden(true);
    await expect(page.waitForRequest(/api\//, { timeout: 6_000 })).rejects.toThrow('Timeout');
    const request = page.waitForRequest(/api\/health/, { timeout: 1_000 });
    await setHidden(false);
    await request;
    await page.context().close();
  }, 30_000);
});

describe('A dimension that was added', () => {
  it('has its table by itself', async () => {
    fake.override({
      about: {
        pipeline: 'clickstream-fake',
        dimensions: ['total', 'page', 'campaign'],
        windows: ['minute', 'hour', 'day'],
        uniqueVisitors: 'off',
        retentionDays: retentionDays({ minute: 7, hour: 30, day: 90 }),
      },
      values: { page: [['/', 5]], campaign: [['spring', 5]], total: [['all', 5]] },
    });
    const page = await browser.open(`${fake.address}?range=7d`);
    await page.locator('.top-campaign').getByText('spring').waitFor();
    expect(await page.locator('[data-metric="visitors"]').textContent()).toContain('not counted here');
    expect(fake.asked.some((path) => path.includes('uniques'))).toBe(false);
    await page.context().close();
  });
});
