import { project } from '../../scripts/jest/project.mjs';

/** Tests of test/duckdb need DuckDB, `npm run test:duckdb`, and those of test/pandas pandas, `npm run test:pandas`. */
export default {
  ...project(import.meta.dirname),
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/duckdb/', '<rootDir>/test/pandas/'],
};
