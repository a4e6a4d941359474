import type { Page } from 'playwright-core';
import { type FakeDashboard, startFakeDashboard } from '../support/fake-dashboard';
import { isoOf } from '../support/fake-data';
import { retentionDays } from '../support/retention-factory';
import { startBrowser, type TestBrowser, violations } from './browser';

/** A Saturday, 13:34 in Berlin and 18:04 in Kolkata. */
const now = Date.parse('2026-11-28T12:34:30Z');
const minuteMs = 60_000;

let fake: FakeDashboard;
let browser: TestBrowser;
beforeAll(async () => {
  fake = await startFakeDashboard({ now: () => now });
  browser = await startBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await fake?.close();
});

const health = (countedAgoMs: number, more: object = {}) => ({
  now: isoOf(now),
  countedUntil: isoOf(now - countedAgoMs),
  shards: [],
  lastHour: { clicks: 11, invalid: 0, duplicates: 0 },
  lateness: { from: isoOf(now - 25 * 3_600_000), to: isoOf(now - 3_600_000), clicks: 400, late: 6 },
  ...more,
});

/** Runs as if it were `now` in the browser too, whose clock the page goes by until it has heard the server's. */
async function open(query: string): Promise<Page> {
  const page = await browser.open('about:blank');
  await page.clock.setFixedTime(now);
  await page.goto(fake.address + query);
  await page.locator('.top-page :is(.values, .none)').first().waitFor();
  return page;
}

const soFar = (page: Page) => page.locator('.chart svg .so-far');

describe('What is not counted whole', () => {
  it('is drawn beside the line, and is named in the chart, its table and its description', async () => {
    fake.override({ health: health(2_000) });
    const page = await open('');
    await page.getByRole('application', { name: 'Clicks, 30 points, the last counted so far.' }).waitFor();
    expect(await soFar(page).count()).toBe(1);
    expect(await page.locator('.chart svg').getByText('so far').count()).toBe(1);
    // The line has 29 corners: nothing leads down to the minute that has just begun.
    expect((await page.locator('path.line').getAttribute('d'))!.split('L')).toHaveLength(29);

    await page.getByRole('button', { name: 'Show as a table' }).click();
    const rows = page.getByRole('region', { name: 'Clicks as a table' }).locator('tbody th');
    expect((await rows.allTextContents()).filter((text) => text.endsWith('so far'))).toEqual([
      'Sat 28 Nov, 13:34 so far',
    ]);
    await page.getByRole('application').focus();
    await page.keyboard.press('End');
    await page
      .locator('[aria-live="polite"]')
      .getByText(/: \d+ clicks, so far$/)
      .waitFor();
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });

  it('goes back as far as counting is behind, and no further than that where nothing comes any more', async () => {
    fake.override({ health: health(4 * minuteMs) });
    const behind = await open('');
    await behind.getByRole('application', { name: 'the last 5 counted so far' }).waitFor();
    expect(await soFar(behind).count()).toBe(5);
    await behind.context().close();

    fake.override({ health: health(4 * minuteMs, { lagMs: { counting: 0 } }) });
    const idle = await open('');
    await idle.getByRole('application', { name: 'the last counted so far' }).waitFor();
    await idle.locator('.now').getByText('nothing new for 4 min').waitFor();
    await idle.context().close();
  });

  it('is all of the last hour, where it is asked what came late', async () => {
    fake.override({ health: health(2_000) });
    const live = await open('?metric=late');
    const card = live.locator('[data-metric="late"]');
    expect(await card.textContent()).toBe('Late–known after an hour');
    await live.getByText('of the last hour, none is known yet').waitFor();
    expect(await soFar(live).count()).toBe(30);
    await live.getByText('1.5 % in a day').waitFor();
    expect(await violations(live)).toEqual([]);
    await live.context().close();

    const day = await open('?metric=late&range=24h');
    expect(await day.locator('[data-metric="late"] small').textContent()).toBe('0.4 % of all, until 12:34');
    // The hours from 12:00 on.
    expect(await soFar(day).count()).toBe(2);
    await day.context().close();
  });
});

describe('Days that begin part way through an hour of UTC', () => {
  const kolkata = '&zone=Asia/Kolkata';
  const windowsAsked = () =>
    fake.asked
      .map((path) => /^\/api\/(?:series|top|uniques).*?window=(\w+).*zone=([^&]+)/.exec(path))
      .filter(Boolean)
      .map((match) => `${match![1]} ${decodeURIComponent(match![2]!)}`);

  it('are those of the zone, as long as minutes are kept', async () => {
    fake.asked.length = 0;
    const page = await open(`?range=7d${kolkata}`);
    await page.locator('.series').getByText('22 Nov, 00:00 – 28 Nov, 18:05').waitFor();
    expect(new Set(windowsAsked())).toEqual(new Set(['hour Asia/Kolkata']));
    await page.context().close();
  });

  it('are days of UTC where minutes are kept no longer: with the reason, and without an error', async () => {
    fake.asked.length = 0;
    const page = await open(`?range=30d${kolkata}`);
    await page.getByText('days and hours of UTC').waitFor();
    await page
      .getByText('Those of Asia/Kolkata are added up from minutes of UTC, which are kept for 7 days.')
      .waitFor();
    expect(await page.locator('.problem').count()).toBe(0);
    // Nothing was asked for that the API refuses.
    expect(new Set(windowsAsked())).toEqual(new Set(['day UTC']));
    expect(await page.getByLabel('Time zone').locator('option:checked').textContent()).toBe('Asia/Kolkata');
    expect(await violations(page)).toEqual([]);

    await page.keyboard.press('l');
    await page.getByText('days and hours of UTC').waitFor({ state: 'detached' });
    await page.context().close();
  });

  it('are days of the zone where minutes are kept as long', async () => {
    fake.override({
      about: {
        pipeline: 'clickstream-fake',
        dimensions: ['total', 'page'],
        windows: ['minute', 'hour', 'day'],
        uniqueVisitors: 'off',
        retentionDays: retentionDays({ minute: 35, hour: 60, day: 90 }),
      },
    });
    const page = await open(`?range=30d${kolkata}`);
    await page.locator('.series').getByText('30 Oct, 00:00 – 28 Nov, 18:05').waitFor();
    expect(await page.getByText('days and hours of UTC').count()).toBe(0);
    await page.context().close();
  });
});
