import config from './jest.config.js';

/** The tests that need a Spark Connect server: scripts/test-server.mjs says where it is. */
export default {
  ...config,
  testMatch: ['<rootDir>/test/server/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
  testTimeout: 180_000,
};
