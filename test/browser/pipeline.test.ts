import { join } from 'node:path';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { Page } from 'playwright-core';
import type { Command } from '../../chaos/child';
import { readLocalPipeline } from '../../cli/local-pipeline';
import { createKinesisClient } from '../../producer/client/kinesis-client';
import type { Series } from '../../query/answers';
import { runCommand } from '../end-to-end/local-pipeline';
import { temporaryFolder } from '../support/temporary-folder';
import { freePort, numberIn, startBrowser, type TestBrowser, untilIn } from './browser';
import { clicksAround, countBy, localDay, type SentClick } from './sent-clicks';

/** What the page shows is compared with a count of what was sent, which no code of the product takes part in. */
const dataDir = join(temporaryFolder('dashboard'), 'data');
/** The clocks of Berlin went back an hour in the night before, and those of New York a week later. */
const change = Date.parse('2026-10-25T01:00:00Z');
const wholeRange = 'range=custom&from=2026-10-23T22:00:00Z&to=2026-10-26T23:00:00Z&window=day';
const inRange = ({ timestamp }: SentClick) =>
  timestamp >= '2026-10-23T22:00:00Z' && timestamp < '2026-10-26T23:00:00Z';

let browser: TestBrowser;
let pipeline: Command;
let port: number;
let address: string;
beforeAll(async () => {
  browser = await startBrowser();
  port = await freePort();
  pipeline = await startPipeline();
  address = (await readLocalPipeline(dataDir)).endpoints.dashboard;
}, 120_000);
afterAll(async () => {
  pipeline?.child.kill('SIGINT');
  await pipeline?.ended;
  await browser?.close();
}, 60_000);

async function startPipeline(): Promise<Command> {
  const settings = ['minute', 'hour', 'day'].flatMap((size) => ['-c', `${size}RetentionDays=3000`]);
  const started = runCommand(
    'local',
    ...['--data-dir', dataDir, '--port', String(port), '--no-producer', '-c', 'batchingWindowSeconds=0'],
    ...settings,
  );
  await started.says('Ctrl-C delivers');
  return started;
}

async function send(lines: readonly string[]): Promise<void> {
  const { region, credentials, endpoints, stream } = await readLocalPipeline(dataDir);
  const client = createKinesisClient({ region, credentials, endpoint: endpoints.kinesis });
  for (let at = 0; at < lines.length; at += 100) {
    const Data = Buffer.from(lines.slice(at, at + 100).join('\n'));
    await client.send(new PutRecordCommand({ StreamName: stream, PartitionKey: `visitor-${at}`, Data }));
  }
  client.destroy();
}

const card = (page: Page, metric: string) => page.locator(`[data-metric="${metric}"] strong`);

async function untilClicks(page: Page, count: number): Promise<void> {
  await card(page, 'clicks')
    .getByText(count.toLocaleString('en'), { exact: true })
    .waitFor({ timeout: 30_000 });
}

/** What a table of the page says, all of it. */
async function tableOf(page: Page, dimension: string): Promise<Record<string, number>> {
  await page
    .locator(`.top-${dimension}`)
    .getByRole('button', { name: /^Search/ })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(/^[\d,]+ of [\d,]+/).waitFor();
  const [values, counts] = await Promise.all([
    dialog.locator('tbody bdi').allTextContents(),
    dialog.locator('tbody td:nth-child(2)').allTextContents(),
  ]);
  await dialog.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'detached' });
  return Object.fromEntries(values.map((value, row) => [value, numberIn(counts[row]!)]));
}

/** Resolves once the table beside the chart has these counts by day, and no others. */
async function untilPoints(page: Page, days: Readonly<Record<string, number>>): Promise<void> {
  const table = page.getByRole('region', { name: 'Clicks as a table' });
  if (!(await table.isVisible())) await page.getByRole('button', { name: 'Show as a table' }).click();
  const lines = Object.entries(days).map(([day, count]) => `${day}: ${count}`);
  const expected = lines.sort((one, other) => numberIn(one.split(':')[0]!) - numberIn(other.split(':')[0]!));
  const shown = `[...document.querySelectorAll('.points tbody tr')].map(
    (row) => row.cells[0].textContent + ': ' + row.cells[1].textContent)`;
  await untilIn(page, shown, expected);
}

/** Resolves once the API counts so many: a page that shows the past asks for it now and then only. */
async function untilCounted(count: number): Promise<void> {
  const query = wholeRange.replace('range=custom&', '');
  for (;;) {
    const answer = await fetch(`${address}/api/series?dimension=total&${query}`);
    const { sum } = (await answer.json()) as Series;
    if (sum === count) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const sent: SentClick[] = [];

describe('The page of a running pipeline', () => {
  it('shows clicks as they come, without being asked', async () => {
    const page = await browser.open(address);
    const now = clicksAround(Date.now() - 12 * 60_000, 8 * 60_000, 'now', 240);
    sent.push(...now);
    await send(now.map((click) => JSON.stringify(click)));
    await untilClicks(page, now.length);
    await page.locator('.chart .line').first().waitFor({ state: 'attached' });
    await page
      .locator('.now')
      .getByText(/^counted until [\d.]+ s ago$|^nothing new/)
      .waitFor();
    await page.context().close();
  }, 90_000);

  it('has every number of an independent count: pages, elements, devices, types, invalid lines', async () => {
    const old = clicksAround(change, 38 * 3_600_000, 'old', 900);
    sent.push(...old);
    await send([
      ...old.map((click) => JSON.stringify(click)),
      '{"broken',
      '{"eventId":"no-page"}',
      'nonsense',
    ]);
    const expected = sent.filter(inRange);
    await untilCounted(expected.length);
    const page = await browser.open(`${address}/?${wholeRange}&zone=Europe%2FBerlin`);
    await untilClicks(page, expected.length);
    expect(await tableOf(page, 'page')).toEqual(countBy(expected, ({ page: path }) => path));
    expect(await tableOf(page, 'element')).toEqual(countBy(expected, ({ element }) => element));
    expect(await tableOf(page, 'type')).toEqual(countBy(expected, ({ type }) => type));
    expect(await tableOf(page, 'referrer')).toEqual(
      countBy(expected, ({ referrer }) => referrer && new URL(referrer).hostname),
    );
    expect(numberIn(await card(page, 'late').textContent())).toBe(expected.length);
    const visitors = numberIn(await card(page, 'visitors').textContent());
    const distinct = new Set(expected.map(({ visitorId }) => visitorId)).size;
    // Four standard errors.
    expect(Math.abs(visitors / distinct - 1)).toBeLessThan(0.065);

    const live = await browser.open(address);
    await live.locator('[data-metric="invalid"] strong').getByText('3', { exact: true }).waitFor();
    await live.context().close();
    await page.context().close();
  }, 90_000);

  it('counts the days of each zone, also the one that has 25 hours', async () => {
    const page = await browser.open(`${address}/?${wholeRange}&zone=Europe%2FBerlin`);
    const expected = sent.filter(inRange);
    const daysIn = (zone: string) => countBy(expected, ({ timestamp }) => localDay(timestamp, zone));
    const berlin = daysIn('Europe/Berlin');
    expect(Object.keys(berlin)).toHaveLength(3);
    await untilPoints(page, berlin);
    for (const zone of ['America/New_York', 'Australia/Adelaide', 'UTC']) {
      await page.getByLabel('Time zone').selectOption(zone);
      await untilPoints(page, daysIn(zone));
    }
    await page.context().close();
  }, 90_000);

  it('says that the pipeline is gone, and goes on by itself when it is back, with the same numbers', async () => {
    const page = await browser.open(`${address}/?${wholeRange}&zone=Europe%2FBerlin`);
    const expected = sent.filter(inRange);
    await untilClicks(page, expected.length);
    pipeline.child.kill('SIGKILL');
    await pipeline.ended;
    await page.getByText('No answer since').waitFor();
    pipeline = await startPipeline();
    await page.getByText('No answer since').waitFor({ state: 'detached', timeout: 30_000 });

    const more = clicksAround(change, 3_600_000, 'more', 30);
    sent.push(...more);
    await send(more.map((click) => JSON.stringify(click)));
    await untilCounted(expected.length + 30);
    // A browser of its own: the past may come from the other's cache for some minutes.
    const other = await browser.open(page.url());
    await untilClicks(other, expected.length + 30);
    expect(await tableOf(other, 'page')).toEqual(countBy(sent.filter(inRange), ({ page: path }) => path));
    await other.context().close();
    await page.context().close();
  }, 120_000);
});
