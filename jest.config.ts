import type { Config } from 'jest';

// Synthesis in a unit test skips CDK's CloudFormation validator (seconds a stack); `npm run synth` runs it.
process.env.CDK_VALIDATION = 'false';

const config: Config = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }],
  },
  testTimeout: 30_000,
};

// biome-ignore lint/style/noDefaultExport: Jest reads its configuration from the default export.
export default config;
