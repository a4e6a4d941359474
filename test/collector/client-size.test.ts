import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleForBrowsers } from '../../lib/function-bundling';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('client');
const client = join(__dirname, '../../collector/client');
const bundled = (name: string, entry: string): string => {
  bundleForBrowsers(folder, { name, entry: join(client, entry) });
  return readFileSync(join(folder, name), 'utf8');
};

describe('The client', () => {
  const script = bundled('clicks.js', 'script.ts');
  const asModule = bundled('clicks.mjs', 'tracker.ts');

  it.each([
    ['script', script],
    ['module', asModule],
  ])('as a %s has 2,500 bytes at the most on the wire', (_, text) => {
    const bytes = gzipSync(text, { level: 9 }).length;
    expect(bytes).toBeLessThanOrEqual(2_500);
    expect(bytes).toBeGreaterThan(1_000);
  });

  it('makes no code of text, which a strict policy forbids', () => {
    expect(script).not.toMatch(/\beval\b|\bFunction\(|javascript:/);
  });

  it('as a module gives out its one function, and runs nothing by itself', () => {
    expect(asModule).toMatch(/export\{\w+ as createTracker\};\s*$/);
    expect(asModule).not.toContain('currentScript');
  });
});
