import config from './jest.config.js';

/** The tests that need a cluster of two hosts, and break it: `npm run test:spark -- --cluster`. */
export default {
  ...config,
  testMatch: ['<rootDir>/test/cluster/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
  testTimeout: 900_000,
};
