/**
 * Unit tests import `src`; what runs in children is the build: such tests import the package by its name, and test what ships.
 */
export default {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // What needs DuckDB: `npm run test:duckdb`.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/duckdb/'],
  extensionsToTreatAsEsm: ['.ts'],
  resolver: '<rootDir>/jest.resolver.cjs',
  // tsconfig sets isolatedModules, so a file is transpiled alone, without its types.
  transform: {
    '^.+\\.ts$': ['ts-jest', { useESM: true, diagnostics: false, tsconfig: '<rootDir>/tsconfig.test.json' }],
  },
  testTimeout: 60_000,
};
