import { project } from '../../scripts/jest/project.mjs';

/**
 * Unit tests meet a server that runs in their own process.
 * Tests of test/server and test/cluster need a real Spark: `npm run test:spark [-- --cluster]`.
 */
export default {
  ...project(import.meta.dirname),
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/(server|cluster)/'],
};
