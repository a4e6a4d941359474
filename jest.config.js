// Synthesis in a unit test skips the rules of CDK and cdk-nag (seconds); `npm run synth` runs them.
process.env.CDK_VALIDATION = 'false';
// The SDK warns of Node below 22 in every process; the README says it once.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // What takes minutes is run by `npm run test:all`, and so in CI: whole pipelines, browsers, the
  // checks of benchmarks, mutants, hours of throttling, killed producers, every alarm.
  testPathIgnorePatterns: [
    '/node_modules/',
    '/test/(bench|browser|end-to-end|model/(mutants|further))/',
    '/test/(producer/throttling|producer/ledger/kill|local/alarms/proof).test',
  ],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  // Jest runs tests in a context whose globals are looked up slowly, unless they are handed to each module.
  sandboxInjectedGlobals: [
    'Array',
    'BigInt',
    'JSON',
    'Map',
    'Math',
    'Number',
    'Object',
    'Set',
    'String',
    'Uint8Array',
  ],
  // On two cores Jest would run one file after the other: it leaves a core to itself.
  maxWorkers: '100%',
  // Modules of earlier files stay in a worker's memory; one that has grown gives way to a new one.
  workerIdleMemoryLimit: '700MB',
  testTimeout: 30_000,
};
