/**
 * Unit tests import `src`, and meet a server that runs in their own process. What a child runs is the build: they test what ships.
 * Tests of test/server and test/cluster need a real Spark: `npm run test:spark [-- --cluster]`.
 */
export default {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/(server|cluster)/'],
  extensionsToTreatAsEsm: ['.ts'],
  resolver: '<rootDir>/jest.resolver.cjs',
  // tsconfig sets isolatedModules, so a file is transpiled alone, without its types.
  transform: {
    '^.+\\.ts$': ['ts-jest', { useESM: true, diagnostics: false, tsconfig: '<rootDir>/tsconfig.test.json' }],
  },
  testTimeout: 60_000,
};
