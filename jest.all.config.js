// Every test, with schedules of the model by the ten thousand.
process.env.TEST_ALL = '1';

/** @type {import('jest').Config} */
module.exports = {
  ...require('./jest.config.js'),
  testPathIgnorePatterns: ['/node_modules/'],
  testSequencer: '<rootDir>/test/longest-first.cjs',
  // Of `it.concurrent`: whole pipelines, on two cores.
  maxConcurrency: 3,
};
