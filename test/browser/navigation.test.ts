import type { Page } from 'playwright-core';
import type { Series } from '../../query/answers';
import { type FakeDashboard, startFakeDashboard } from '../support/fake-dashboard';
import { numberIn, startBrowser, type TestBrowser } from './browser';

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

const closePage = (page: Page) => page.context().close();
const clicks = (page: Page) => page.locator('[data-metric="clicks"] strong');
/** A range that is over, so that no number changes under the test. */
const past = '?range=custom&from=2026-10-24T22:00:00Z&to=2026-10-26T23:00:00Z';

describe('The address', () => {
  it('has all that is shown, and going back and forward shows it again', async () => {
    const page = await browser.open(fake.address);
    await page.keyboard.press('w');
    await page.keyboard.press('x');
    await page.locator('.top-page').getByRole('button', { name: '/docs', exact: true }).click();
    await page.waitForURL(/range=7d&compare=previous&dimension=page&value=%2Fdocs$/);
    await page.goBack();
    await page.locator('.subject').waitFor({ state: 'detached' });
    await page.goBack();
    await page.getByRole('button', { name: 'Compare', pressed: false }).waitFor();
    await page.goForward();
    await page.goForward();
    await page.locator('.subject').getByText('/docs').waitFor();

    const copy = await browser.open(page.url());
    await copy.locator('.subject').getByText('/docs').waitFor();
    expect(await copy.getByRole('button', { name: 'Compare' }).getAttribute('aria-pressed')).toBe('true');
    await closePage(copy);
    await closePage(page);
  });

  it('of another zone counts the days of that zone', async () => {
    const page = await browser.open(`${fake.address}${past}&window=day`);
    await page.getByLabel('Time zone').selectOption('Asia/Tokyo');
    await page.waitForURL(/zone=Asia%2FTokyo/);
    await page.locator('.series').getByText('25 Oct, 07:00 – 27 Oct, 08:00').waitFor();
    expect(fake.asked).toContainEqual(expect.stringMatching(/series.*window=day&zone=Asia%2FTokyo/));
    await closePage(page);
  });
});

describe('The series', () => {
  const shownPoints = async (page: Page) => {
    const table = page.getByRole('region', { name: 'Clicks as a table' });
    if (!(await table.isVisible())) await page.getByRole('button', { name: 'Show as a table' }).click();
    const cells = await table.locator('tbody tr td:nth-child(2)').allTextContents();
    return cells.map(numberIn);
  };

  it('of a value is shown after a click on it, with its own sum, and everything again after another', async () => {
    const page = await browser.open(`${fake.address}${past}`);
    await page.locator('.top-device').getByRole('button', { name: 'mobile' }).click();
    const asked = 'dimension=device&value=mobile&from=2026-10-24T22:00:00Z&to=2026-10-26T23:00:00Z';
    const answer = await fetch(`${fake.address}api/series?${asked}&window=hour&zone=Europe/Berlin`);
    const { points, sum } = (await answer.json()) as Series;
    await expect(shownPoints(page)).resolves.toEqual(points.map(({ count }) => count));
    expect(numberIn(await page.locator('.subject .value').first().textContent())).toBe(sum);
    // Two days, one of which has 25 hours.
    expect(points).toHaveLength(49);

    await page.locator('.top-device').getByRole('button', { name: 'mobile' }).click();
    await page.locator('.subject').waitFor({ state: 'detached' });
    await closePage(page);
  });

  it('zooms to what the mouse has drawn over, and out by a double click', async () => {
    const page = await browser.open(`${fake.address}${past}`);
    const box = (await page.getByRole('application').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.3, box.y + 80);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4, box.y + 90, { steps: 4 });
    await page.locator('.chosen').waitFor();
    await page.mouse.up();
    await page.waitForURL((url) => url.search !== past);
    const span = () => {
      const { searchParams } = new URL(page.url());
      return Date.parse(searchParams.get('to')!) - Date.parse(searchParams.get('from')!);
    };
    const zoomed = span();
    const address = page.url();
    expect(zoomed).toBeGreaterThan(3 * 3_600_000);
    expect(zoomed).toBeLessThan(8 * 3_600_000);

    await page.mouse.dblclick(box.x + box.width * 0.5, box.y + 80);
    await page.waitForURL((url) => url.href !== address);
    expect(span()).toBeGreaterThan(1.9 * zoomed);
    await closePage(page);
  });

  it.each(['Visitors', 'Sessions', 'Bots', 'Late', 'Invalid'])(
    'of the card %s is shown after a click',
    async (name) => {
      const page = await browser.open(`${fake.address}${past}`);
      await page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
      await page.waitForURL(/metric=/);
      await page
        .locator('.series h2')
        .filter({ hasText: new RegExp(name, 'i') })
        .waitFor();
      await page.locator('.chart .line').first().waitFor({ state: 'attached' });
      await closePage(page);
    },
  );
});

describe('The table of all values', () => {
  it('finds, sorts, shows more, and shows the series of a value', async () => {
    const page = await browser.open(`${fake.address}${past}`);
    await page.getByRole('button', { name: 'Show all 1,000' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('200 of 1,000').waitFor();
    await dialog.getByRole('button', { name: 'Show more' }).click();
    await dialog.getByText('1,000 of 1,000').waitFor();

    await dialog.getByRole('searchbox').fill('article-99');
    await dialog.getByText('11 of 11').waitFor();
    const names = () => dialog.locator('tbody th').allTextContents();
    await dialog.getByRole('button', { name: 'Page', exact: true }).click();
    const sorted = await names();
    expect(sorted).toEqual([...sorted].sort());
    await dialog.getByRole('button', { name: 'Page', exact: true }).click();
    expect(await names()).toEqual(sorted.reverse());

    await dialog.getByRole('button', { name: sorted[3]! }).click();
    await page.locator('.subject').getByText(sorted[3]!).waitFor();
    await closePage(page);
  });

  it('is saved as CSV with every value that the search finds', async () => {
    const page = await browser.open(`${fake.address}${past}&all=page&search=docs&compare=previous`);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe('page 2026-10-24T220000Z 2026-10-26T230000Z.csv');
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    const [head, ...lines] = Buffer.concat(chunks).toString().trimEnd().split('\r\n');
    expect(head).toBe('value,count,previous');
    const rows = await page.getByRole('dialog').locator('tbody tr').count();
    expect(lines).toHaveLength(rows);
    expect(lines[0]).toMatch(/^\/docs,\d+,\d+$/);
    await closePage(page);
  });
});

describe('Two dimensions at once', () => {
  it('lead to the command that answers them, with the range and the value', async () => {
    const page = await browser.open(`${fake.address}${past}&dimension=page&value=%2Fdocs`);
    await page.getByText('The tables count all clicks').waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Ask for both, in SQL' }).click();
    await page.getByLabel('Clicks by').selectOption('device');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied.').waitFor();
    const sql = (await page.evaluate('navigator.clipboard.readText()')) as string;
    expect(sql).toMatch(/^npm run query/);
    expect(sql).toContain(`page = '/docs'`);
    expect(sql).toContain('deviceClass');
    expect(sql).toContain('2026-10-24 22:00:00');
    await closePage(page);
  });
});

describe('A range that is typed in', () => {
  it('is of the clocks of the zone, and one that ends before it starts is refused with words', async () => {
    const page = await browser.open(`${fake.address}?zone=Asia%2FTokyo`);
    await page.keyboard.press('c');
    await page.getByLabel('From').fill('2026-11-20T09:00');
    await page.getByLabel('To', { exact: true }).fill('2026-11-20T08:00');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('alert').getByText('The end has to be after the start').waitFor();
    await page.getByLabel('To', { exact: true }).fill('2026-11-20T11:30');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.waitForURL(/from=2026-11-20T00%3A00%3A00Z&to=2026-11-20T02%3A30%3A00Z/);
    expect(numberIn(await clicks(page).textContent())).toBeGreaterThan(0);
    await closePage(page);
  });
});
