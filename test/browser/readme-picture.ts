import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { type Command, startCommand } from '../../chaos/child';
import { readLocalPipeline } from '../../cli/local-pipeline';
import type { Series } from '../../query/answers';

/**
 * Makes docs/dashboard.png: an hour of generated clicks through a whole pipeline, and the page as a browser shows it.
 *
 *     node --import ./cli/typescript.mjs test/browser/readme-picture.ts
 */
const target = join(__dirname, '..', '..', 'docs', 'dashboard.png');
const events = 70_000;
const hourMs = 3_600_000;
const env = { PATH: process.env.PATH, HOME: process.env.HOME };

async function finished(command: Command): Promise<string> {
  const { code, stdout, stderr } = await command.ended;
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

/** Generated clicks, told as if they had happened in the last hour: more at some times than at others. */
async function hourOfClicks(): Promise<string> {
  const args = ['--dry-run', '--seed', '16', '--count', String(events)];
  const lines = (await finished(startCommand('producer/cli.ts', args, { env }))).trimEnd().split('\n');
  const minutes = Array.from({ length: 60 }, (_, minute) => {
    const burst = minute > 41 && minute < 48 ? 0.8 : 0;
    return 1 + 0.3 * Math.sin(minute / 8) + 0.12 * Math.sin(minute * 1.7) + minute / 120 + burst;
  });
  const all = minutes.reduce((sum, weight) => sum + weight, 0);
  const start = Date.now() - hourMs;
  let minute = 0;
  let before = 0;
  return lines
    .map((line, place) => {
      const share = (place / lines.length) * all;
      while (minute < 59 && share >= before + minutes[minute]!) before += minutes[minute++]!;
      const at = start + (minute + (share - before) / minutes[minute]!) * 60_000;
      // Some phones are without a network for a while.
      const ago = place % 300 === 7 ? 20 * 60_000 : 0;
      return JSON.stringify({ ...JSON.parse(line), timestamp: new Date(at - ago).toISOString() });
    })
    .join('\n');
}

async function untilCounted(address: string, least: number): Promise<void> {
  for (;;) {
    const answer = (await (await fetch(`${address}/api/series?dimension=total`)).json()) as Series;
    if (answer.sum >= least) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'readme-picture-'));
  const dataDir = join(folder, 'data');
  const args = ['--data-dir', dataDir, '--port', '0', '--rate', '25', '--malformed', '0.02'];
  const pipeline = startCommand('local/cli.ts', args, { env });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    await pipeline.says('Ctrl-C delivers');
    const { dashboard } = (await readLocalPipeline(dataDir)).endpoints;
    const file = join(folder, 'clicks.ndjson');
    await writeFile(file, await hourOfClicks());
    await finished(startCommand('producer/cli.ts', ['--local', dataDir, '--input', file], { env }));
    await untilCounted(dashboard, events * 0.99);

    const page = await browser.newPage({
      viewport: { width: 1240, height: 840 },
      colorScheme: 'light',
      timezoneId: 'Europe/Berlin',
    });
    await page.goto(`${dashboard}/?compare=previous`);
    await page.locator('.top-status :is(.values, .none)').waitFor();
    await page.waitForResponse(/api\/health/);
    await page.screenshot({ path: target });
  } finally {
    await browser.close();
    pipeline.child.kill('SIGINT');
    await pipeline.ended;
    await rm(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
