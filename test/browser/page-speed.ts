import type { Page } from 'playwright-core';

export interface LoadTimes {
  /** Milliseconds from the request of the page to the first thing that is painted. */
  readonly firstPaint: number;
  /** The same, to the moment when every figure, the chart and every table is there. */
  readonly complete: number;
}

/** Every figure has its number, the chart its line, and no table waits for its rows. */
const isComplete = `document.querySelectorAll('.tops .panel').length > 0
  && document.querySelectorAll('.stale').length === 0
  && document.querySelectorAll('.card').length === 6
  && [...document.querySelectorAll('.card strong')].every((figure) => figure.textContent !== '–')
  && [...document.querySelectorAll('.tops .panel')].every((panel) => panel.querySelector('.values, .none'))
  && document.querySelector('.chart .line') !== null`;

/** Loads the page in a browser that has not seen it before. */
export async function loadTimes(page: Page, address: string): Promise<LoadTimes> {
  await page.goto(address);
  for (;;) {
    const [isThere, complete, firstPaint] = (await page.evaluate(`[${isComplete}, performance.now(),
      performance.getEntriesByName('first-contentful-paint')[0]?.startTime]`)) as [boolean, number, number?];
    if (isThere && firstPaint !== undefined) return { firstPaint, complete };
    if (complete > 20_000) throw new Error('the page is not complete after 20 s');
  }
}

/** The share of one core that the page takes while it lies open for some seconds: scripts, styles, layout, painting. */
export async function shareAtRest(page: Page, seconds: number): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busy = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')!.value;
  };
  const before = await busy();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  return ((await busy()) - before) / seconds;
}
