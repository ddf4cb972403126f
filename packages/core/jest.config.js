/**
 * Unit tests import `src` (transpiled here, type-checked by `npm run check:types`) and never fork.
 * Process tests import the package by its own name, which is its `dist`: they test what ships.
 * `--experimental-vm-modules` is given to node, not through NODE_OPTIONS, which children would inherit.
 */
export default {
  rootDir: import.meta.dirname,
  testEnvironment: '<rootDir>/jest.environment.cjs',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  resolver: '<rootDir>/jest.resolver.cjs',
  // tsconfig sets isolatedModules, so a file is transpiled alone, without its types.
  transform: {
    '^.+\\.ts$': ['ts-jest', { useESM: true, diagnostics: false, tsconfig: '<rootDir>/tsconfig.test.json' }],
  },
  // Many tests wait for processes to end; a third worker works meanwhile.
  maxWorkers: 3,
  testTimeout: 60_000,
};
