import { join } from 'node:path';

/**
 * How jest tests a package: unit tests import `src` (transpiled here, type-checked by `npm run check:types`), and what runs as a
 * process is the build, which the packages' own names lead to.
 */
export function project(rootDir) {
  return {
    rootDir,
    // Not in the directory for temporary files, which `npm test` begins anew each time.
    cacheDirectory: join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'jest'),
    testEnvironment: join(import.meta.dirname, '..', '..', 'packages', 'core', 'jest.environment.cjs'),
    testMatch: ['<rootDir>/test/**/*.test.ts'],
    extensionsToTreatAsEsm: ['.ts'],
    resolver: join(import.meta.dirname, 'resolver.cjs'),
    // tsconfig sets isolatedModules, so a file is transpiled alone, without its types.
    transform: {
      '^.+\\.ts$': [
        'ts-jest',
        { useESM: true, diagnostics: false, tsconfig: '<rootDir>/tsconfig.test.json' },
      ],
    },
    testTimeout: 60_000,
  };
}
