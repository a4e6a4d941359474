import { createRequire } from 'node:module';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { functionBundling } from '../lib/function-bundling';

export const repository = functionBundling.absWorkingDir;

/**
 * Bundles a function as the stacks do.
 *
 * @param entry path from the root of the repository, of a file that exports `handler`
 * @param overrides where a contender differs from the stacks
 * @returns what went into the bundle
 */
export async function bundleFunction(
  entry: string,
  outfile: string,
  overrides: BuildOptions = {},
): Promise<Metafile> {
  const { metafile } = await build({
    ...functionBundling,
    entryPoints: [entry],
    outfile,
    logLevel: 'error',
    ...overrides,
    metafile: true,
  });
  return metafile;
}

/** Loads a bundle; `exports` is what it exports, unchecked. */
export function loadBundle<Exports>(file: string): Exports {
  return createRequire(file)(file) as Exports;
}
