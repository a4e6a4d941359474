import type { Page } from 'playwright-core';
import { type FakeDashboard, startFakeDashboard } from '../support/fake-dashboard';
import { startBrowser, type TestBrowser, untilIn, violations } from './browser';

let fake: FakeDashboard;
let browser: TestBrowser;
beforeAll(async () => {
  fake = await startFakeDashboard();
  browser = await startBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await fake?.close();
});

const focused = (page: Page) =>
  page.evaluate(
    `(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent).trim()`,
  );

/** Goes on with Tab until the focus is on a name. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press('Tab');
    if (name.test(String(await focused(page)))) return;
  }
  throw new Error(`Tab does not lead to ${name}`);
}

describe('By keys alone', () => {
  it('the range, the comparison and the help are one key away', async () => {
    const page = await browser.open(fake.address);
    for (const [key, range] of [
      ['d', 'today'],
      ['y', 'yesterday'],
      ['h', '24h'],
      ['W', '7d'],
      ['t', '30d'],
      ['m', 'month'],
    ] as const) {
      await page.keyboard.press(key);
      await page.waitForURL(new RegExp(`range=${range}`));
    }
    await page.keyboard.press('x');
    await page.waitForURL(/compare=previous/);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: /Keys/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('l');
    await page.waitForURL((url) => !url.search.includes('range'));
    await page.context().close();
  });

  it('single keys do nothing once they are switched off, nor while somebody types', async () => {
    const page = await browser.open(`${fake.address}?range=7d&all=page`);
    await untilIn(page, 'document.activeElement?.tagName', 'INPUT');
    await page.keyboard.type('dwm');
    await page.waitForURL(/search=dwm/);
    // The first one empties the field.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await page.getByLabel('Act on single keys').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('d');
    await page.keyboard.press('x');
    expect(new URL(page.url()).search).toBe('?range=7d');
    await page.context().close();
  });

  it('arrows walk along the chart and read it out, Shift selects, and Enter zooms', async () => {
    const page = await browser.open(`${fake.address}?range=yesterday`);
    await tabTo(page, /^Clicks, 2[345] points/);
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page
      .locator('[aria-live="polite"]')
      .getByText(/^\w{3} \d+ \w{3}, 22:00: [\d,]+ clicks$/)
      .waitFor();
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Enter');
    await page.waitForURL(/range=custom/);
    const { searchParams } = new URL(page.url());
    expect(Date.parse(searchParams.get('to')!) - Date.parse(searchParams.get('from')!)).toBe(3 * 3_600_000);
    await page.keyboard.press('-');
    const span = `['to', 'from'].map((name) => Date.parse(new URLSearchParams(location.search).get(name)))
      .reduce((to, from) => to - from)`;
    await untilIn(page, span, 6 * 3_600_000);
    await page.context().close();
  });

  it('unusual hours are listed, and in the table, and lead to the page that is unusual', async () => {
    const hour = Math.floor(Date.now() / 3_600_000 - 3) * 3_600_000;
    const [from, to] = [hour, hour + 3_600_000].map((at) => `${new Date(at).toISOString().slice(0, 19)}Z`);
    const hours = { from: from!, to: to!, score: -6.2, isOpen: false };
    fake.override({
      anomalies: {
        anomalies: [
          { subject: 'total', value: 'all', kind: 'low', count: 7, expected: 2_900, ...hours },
          { subject: 'page', value: '/pricing', kind: 'gone', count: 0, expected: 240, ...hours },
        ],
      },
    });
    const page = await browser.open(`${fake.address}?range=24h`);
    const list = page.getByRole('list', { name: 'Unusual hours' });
    await list.getByText('unusually few: 7 clicks, 2,900 are usual').waitFor();
    await page.getByRole('button', { name: 'Show as a table' }).click();
    const rows = page.getByRole('row').filter({ hasText: '2,900 are usual' });
    expect(await rows.count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    await list.getByRole('button', { name: '/pricing' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/pricing/);
    await page.getByRole('row').filter({ hasText: 'gone: 0 clicks' }).waitFor();
    fake.override({ anomalies: { anomalies: [] } });
    await page.context().close();
  });

  it('a page is found, and its series is shown', async () => {
    const page = await browser.open(`${fake.address}?range=7d`);
    await tabTo(page, /^Search pages$/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('article-77');
    await page.getByText('11 of 11').waitFor();
    await tabTo(page, /article-77$/);
    await page.keyboard.press('Enter');
    await page
      .locator('.subject')
      .getByText(/article-77$/)
      .waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.subject').waitFor({ state: 'detached' });
    await page.context().close();
  });
});

describe('axe-core finds nothing wrong', () => {
  const nothing = () => Promise.resolve();
  const states: readonly (readonly [string, string, (page: Page) => Promise<void>])[] = [
    ['at first', '', nothing],
    ['with a comparison and a value', '?range=7d&compare=previous&dimension=page&value=%2Fdocs', nothing],
    [
      'with the table of the series',
      '?range=24h',
      (page) => page.getByRole('button', { name: 'Show as a table' }).click(),
    ],
    ['with all values', '?range=7d&all=page&compare=previous', nothing],
    ['while a range is chosen', '?range=7d', (page) => page.keyboard.press('c')],
    ['with the help', '', (page) => page.keyboard.press('?')],
    ['with the condition of the pipeline', '', (page) => page.locator('summary').click()],
    [
      'with a question of two dimensions',
      '?range=7d',
      (page) => page.getByRole('button', { name: 'Ask two dimensions at once' }).click(),
    ],
  ];
  const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
    states.map((state) => [colorScheme, ...state] as const),
  );

  it.each(looks)(
    '%s, %s',
    async (colorScheme, _name, query, act) => {
      const page = await browser.open(`${fake.address}${query}`, {
        colorScheme,
      });
      await act(page);
      expect(await violations(page)).toEqual([]);
      await page.context().close();
    },
    30_000,
  );
});

describe('On every screen', () => {
  it.each([320, 360, 768, 1_280, 2_560])('of %d pixels nothing sticks out at the side', async (width) => {
    const page = await browser.open(
      `${fake.address}?range=30d&compare=previous&dimension=page&value=%2Fdocs`,
      {
        viewport: { width, height: 900 },
      },
    );
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    await page.context().close();
  });

  it('the switch of colours wins over the system, and lasts', async () => {
    const page = await browser.open(fake.address, { colorScheme: 'light' });
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await background();
    await page.getByRole('button', { name: /^Colours: system/ }).click();
    await page.getByRole('button', { name: /^Colours: light/ }).click();
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.getByRole('button', { name: /^Colours: dark/ }).waitFor();
    expect(await background()).toBe(dark);
    await page.context().close();
  });

  it('nothing moves for those who asked for that', async () => {
    const page = await browser.open(fake.address, { reducedMotion: 'reduce' });
    expect(await page.evaluate('document.getAnimations().length')).toBe(0);
    await page.context().close();
  });
});
