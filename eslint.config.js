import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const nodeGlobals = Object.fromEntries(
  [
    'AbortController',
    'AbortSignal',
    'Buffer',
    'URL',
    'clearTimeout',
    'console',
    'fetch',
    'performance',
    'process',
  ]
    .concat([
      'queueMicrotask',
      'setImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'structuredClone',
    ])
    .concat(['TextDecoder', 'TextEncoder'])
    .map((name) => [name, 'readonly']),
);

export default defineConfig(
  globalIgnores([
    '**/dist/',
    'docs/api/',
    // AssemblyScript is no TypeScript.
    'packages/core/wasm/',
    'coverage/',
    '.environments/',
    'scripts/environments/fixtures/*.ts',
    '**/.readme-check/',
    '**/.docstring-check/',
  ]),

  // TypeScript that ships, and the examples that people copy.
  {
    files: ['**/*.ts'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          'packages/*/tsconfig.json',
          'packages/*/tsconfig.test.json',
          'packages/*/tsconfig.client.json',
          'examples/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Under noUncheckedIndexedAccess `items[index]!` is how a hot loop says that it has checked the index.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // An aggregator is a record of functions, taken apart on purpose; `async` turns a throw into a rejection.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/require-await': 'off',
      // Type arguments that happen to be the default, and overloads documented one by one, may help a reader.
      '@typescript-eslint/no-unnecessary-type-arguments': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      // What a record holds may be shown to a person: control characters are matched to be escaped.
      'no-control-regex': 'off',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
        { selector: 'TSModuleDeclaration[kind="namespace"]', message: 'Use a module.' },
        { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
      ],
      eqeqeq: 'error',
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    rules: {
      // Past this a file holds a second noun.
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
    },
  },

  // The verbs of a dataset are one list, and a class is one file.
  { files: ['packages/core/src/api/dataset.ts'], rules: { 'max-lines': 'off' } },

  // An error has the fields of its details, which are declared and documented there alone.
  {
    files: ['packages/core/src/errors.ts'],
    rules: {
      '@typescript-eslint/no-empty-object-type': 'off',
      '@typescript-eslint/no-unsafe-declaration-merging': 'off',
    },
  },

  // Benches print what they measure.
  { files: ['packages/bench/src/**/*.ts'], rules: { 'no-console': 'off' } },

  // Tests throw odd things on purpose and reach where types do not.
  {
    files: ['packages/*/test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      'no-empty-pattern': 'off',
    },
  },

  // Scripts, configuration and the small programs that tests fork.
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    extends: [js.configs.recommended],
    languageOptions: { globals: nodeGlobals },
    rules: { eqeqeq: 'error' },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        module: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
        __filename: 'readonly',
        exports: 'writable',
      },
    },
  },
  {
    files: ['packages/*/test/**/*.mjs'],
    rules: { 'no-constant-condition': 'off', 'no-empty': 'off', 'no-unused-vars': 'off' },
  },
);
