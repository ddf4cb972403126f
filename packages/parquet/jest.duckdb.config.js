import config from './jest.config.js';

/** What `npm run test:duckdb` runs. */
export default {
  ...config,
  testMatch: ['<rootDir>/test/duckdb/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
