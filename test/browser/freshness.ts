import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { chromium } from 'playwright-core';
import { readLocalPipeline } from '../../cli/local-pipeline';
import { createKinesisClient } from '../../producer/client/kinesis-client';
import { clickJson } from '../support/click-factory';
import { numberIn } from './browser';

/**
 * Measures how long after its put an event is on the page, of a pipeline that runs without a producer:
 *
 *     npm start -- --fresh --no-producer
 *     node --import ./cli/typescript.mjs test/browser/freshness.ts [.local]
 */
const events = 100;

async function main(): Promise<void> {
  const { region, credentials, endpoints, stream } = await readLocalPipeline(process.argv[2] ?? '.local');
  const client = createKinesisClient({ region, credentials, endpoint: endpoints.kinesis });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const page = await browser.newPage();
    await page.goto(endpoints.dashboard);
    await page.locator('.top-page :is(.values, .none)').first().waitFor();
    const shown = async (): Promise<number> =>
      numberIn(await page.locator('[data-metric="clicks"] strong').textContent());

    const before = await shown();
    const puts: number[] = [];
    const seen: number[] = [];
    const watch = async (): Promise<void> => {
      while (seen.length < events) {
        const count = (await shown()) - before;
        while (seen.length < count) seen.push(Date.now());
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const put = async (): Promise<void> => {
      while (puts.length < events) {
        const now = Date.now();
        const Data = Buffer.from(clickJson({ timestamp: new Date(now).toISOString(), page: '/fresh' }));
        await client.send(new PutRecordCommand({ StreamName: stream, PartitionKey: 'visitor', Data }));
        puts.push(now);
        // Out of step with every beat of the pipeline and the page.
        await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 1_000));
      }
    };
    await Promise.all([watch(), put()]);
    const delays = puts.map((at, place) => seen[place]! - at).sort((one, other) => one - other);
    const at = (share: number): number => delays[Math.ceil(share * events) - 1]!;
    console.log(`ms from the put to the page: median ${at(0.5)}, 99th percentile ${at(0.99)}, most ${at(1)}`);
  } finally {
    await browser.close();
    client.destroy();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
