import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { functionBundling } from '../../lib/function-bundling';

/** Bytes of the function's bundle in gzip, and the packages in it. */
function bundleOf(name: string) {
  const { outputFiles, metafile } = buildSync({
    ...functionBundling,
    entryPoints: [`lambda/${name}/handler.ts`],
    outfile: 'index.js',
    write: false,
    metafile: true,
  });
  const code = outputFiles.find(({ path }) => path.endsWith('.js'))!.contents;
  const paths = Object.keys(metafile.outputs['index.js']!.inputs);
  const packages = paths.flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  return { gzipBytes: gzipSync(code).length, packages: [...new Set(packages)].sort() };
}

// A cold start pays for every byte, and most of it for every module.
describe('The bundles of the functions', () => {
  it.each(['aggregator', 'compactor'])('%s carries the SDK, in less than 130 KB of gzip', (name) => {
    const { gzipBytes, packages } = bundleOf(name);
    expect(packages).toContain('@aws-sdk/client-dynamodb');
    expect(gzipBytes).toBeLessThan(130_000);
  });

  it('transformer has no SDK, and takes less than 15 KB of gzip', () => {
    const { gzipBytes, packages } = bundleOf('transformer');
    expect(packages).toEqual(['@bufbuild/protobuf', 'isbot']);
    expect(gzipBytes).toBeLessThan(15_000);
  });
});
