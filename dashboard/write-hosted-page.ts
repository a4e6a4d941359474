import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildPage } from './build';

/** Writes the page as it is hosted into a folder: what a synthesis makes an asset of. */
async function main([directory]: readonly string[]): Promise<void> {
  if (directory === undefined) throw new Error('usage: write-hosted-page.ts DIRECTORY');
  for (const [path, { body }] of await buildPage('hosted')) {
    const file = join(directory, path === '/' ? 'index.html' : path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, body);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
