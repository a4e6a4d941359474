import type { BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';

/** How esbuild bundles each function. The benchmarks bundle by it as well, so that they measure what is deployed. */
export const functionBundling = {
  target: 'node24',
  // The SDK's ES modules tree-shake; bundled they start faster than the runtime's own copy.
  mainFields: ['module', 'main'],
  minify: true,
  // Beside the bundle, for whoever reads a stack trace; not switched on, because a cold start pays for reading it.
  sourceMap: true,
  sourcesContent: false,
} as const satisfies BundlingOptions;
