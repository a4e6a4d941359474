import { join } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';

/** How esbuild bundles each function. The benchmarks bundle by it as well, so that they measure what is deployed. */
export const functionBundling = {
  absWorkingDir: join(__dirname, '..'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  // The SDK's ES modules tree-shake; bundled they start faster than the runtime's own copy.
  mainFields: ['module', 'main'],
  minify: true,
  // Beside the bundle, for whoever reads a stack trace; not switched on, because a cold start pays for reading it.
  sourcemap: true,
  sourcesContent: false,
} satisfies BuildOptions;

/** How a script for browsers is bundled that a function gives out: no younger than their last two years. */
const browserBundling = {
  absWorkingDir: join(__dirname, '..'),
  bundle: true,
  minify: true,
  target: ['chrome109', 'firefox115', 'safari16'],
  legalComments: 'none',
} satisfies BuildOptions;

/** A file for browsers: a classic script, or a module by the ending `.mjs`. */
export interface BrowserFile {
  readonly name: string;
  readonly entry: string;
}

/** Bundles it into `directory`. @throws if it does not bundle, after esbuild has printed why */
export function bundleForBrowsers(directory: string, { name, entry }: BrowserFile): void {
  buildSync({
    ...browserBundling,
    format: name.endsWith('.mjs') ? 'esm' : 'iife',
    entryPoints: [entry],
    outfile: join(directory, name),
    logLevel: 'warning',
  });
}

/**
 * Bundles one function into `directory/index.js`. In this process: CDK's own bundling starts npx for each function,
 * which takes longer than esbuild does.
 *
 * @param entry file that exports `handler`
 * @throws if it does not bundle, after esbuild has printed why
 */
export function bundleInto(directory: string, entry: string): void {
  buildSync({
    ...functionBundling,
    entryPoints: [entry],
    outfile: join(directory, 'index.js'),
    logLevel: 'warning',
  });
}
