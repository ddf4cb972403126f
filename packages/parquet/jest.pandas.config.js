import config from './jest.config.js';

/** What `npm run test:pandas` runs. */
export default {
  ...config,
  testMatch: ['<rootDir>/test/pandas/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
