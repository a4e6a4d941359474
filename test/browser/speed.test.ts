import { type FakeDashboard, startFakeDashboard } from '../support/fake-dashboard';
import { startBrowser, type TestBrowser } from './browser';
import { type LoadTimes, loadTimes, shareAtRest } from './page-speed';

let fake: FakeDashboard;
let browser: TestBrowser;
beforeAll(async () => {
  fake = await startFakeDashboard({ pages: 1_000 });
  browser = await startBrowser();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await fake?.close();
});

describe('The page with a thousand pages and thirty days', () => {
  it('paints within half a second, and is complete within a second', async () => {
    // The best of some: other processes of this machine are not what is measured.
    let best: LoadTimes = { firstPaint: Infinity, complete: Infinity };
    for (let attempt = 0; attempt < 8 && (best.firstPaint >= 500 || best.complete >= 1_000); attempt++) {
      const page = await browser.open('about:blank');
      const times = await loadTimes(page, `${fake.address}?range=30d&window=hour&compare=previous`);
      if (times.complete < best.complete) best = times;
      await page.context().close();
    }
    expect(best.firstPaint).toBeLessThan(500);
    expect(best.complete).toBeLessThan(1_000);
  }, 60_000);

  it('takes less than two hundredths of a core while it lies open', async () => {
    const page = await browser.open(`${fake.address}?range=30d&window=hour&compare=previous`);
    // Its first seconds are not rest.
    await shareAtRest(page, 2);
    let least = Infinity;
    for (let attempt = 0; attempt < 4 && least >= 0.02; attempt++)
      least = Math.min(least, await shareAtRest(page, 12));
    expect(least).toBeLessThan(0.02);
    await page.context().close();
  }, 90_000);
});
