import { sections } from './sections.mjs';

const jest = ['jest@30', '@jest/globals@30', 'ts-jest@29', 'typescript@~6.0', 'tsx@4'];
const coverage = (version) => [`vitest@${version}`, `@vitest/coverage-v8@${version}`, `@vitest/coverage-istanbul@${version}`, 'tsx@4']; // prettier-ignore

/** What is installed together: packages besides the one that is tested. */
export const groups = {
  plain: [],
  tsx: ['tsx@4'],
  jest,
  'vitest 3': [...coverage(3), 'vite@7'],
  'vitest 4': coverage(4),
  'vitest 5': coverage(5),
  bundlers: ['esbuild@0.28', 'rolldown@1'],
  sharp: ['sharp@0.35'],
  deno: ['deno@2'],
  bun: ['bun@1'],
  'node 18': ['node@18'],
  'node 20.18': ['node@20.18'],
  'node 20.19': ['node@20.19'],
  'node 22': ['node@22'],
  'node 24': ['node@24'],
  'node 26': ['node@26'],
};

const esbuild =
  'esbuild bundled.mjs --bundle --platform=node --format=esm --outfile=out/main.mjs --log-level=error';
const rolldown = 'rolldown bundled.mjs --platform node --format esm -d out';
const program = ['program.mjs', 'tax.job.mjs', 'rates.mjs'];
const [permission] = ['--permission', '--experimental-permission'].filter((flag) =>
  process.allowedNodeEnvironmentFlags.has(flag),
);

/**
 * What is tried: `group` has its packages, `node` the group whose Node.js runs it, `of` the package whose version is shown, `says`
 * what must be in its output. A refusal must fail, in words.
 */
export function rows() {
  const [node, jestJs, vitest, nodeTs, jestTs, vitestTs] = sections('testing.md');
  const [sqlite, pictures] = sections('recipes.md');
  return [
    ...shown(node, { group: 'plain', short: true }),
    ...shown(jestJs, { group: 'jest', of: 'jest', short: true }),
    ...shown(vitest, { group: 'vitest 4', of: 'vitest', short: true }),
    ...shown(nodeTs, { group: 'tsx', of: 'tsx' }),
    ...shown(jestTs, { group: 'jest', of: 'ts-jest' }),
    ...shown(vitestTs, { group: 'vitest 4', of: 'vitest' }),
    ...shown(vitest, { group: 'vitest 3', of: 'vitest' }),
    ...shown(vitest, { group: 'vitest 5', of: 'vitest', node: 'node 24' }),
    ...shown(sqlite, { group: 'plain', node: 'node 22', says: 'all is well', short: true }),
    ...shown(pictures, { group: 'sharp', of: 'sharp', says: 'all is well' }),
    fixture('modules that are evaluated again', ['reset.test.mjs', ...program], 'npx vitest run reset', { group: 'vitest 4', of: 'vitest' }), // prettier-ignore
    fixture('modules that are not isolated', ['reset.test.mjs', ...program], 'npx vitest run --no-isolate reset', { group: 'vitest 4', of: 'vitest' }), // prettier-ignore
    ...['threads', 'vmThreads'].map((pool) =>
      fixture(`vitest in ${pool}`, ['reset.test.mjs', ...program], `npx vitest run --pool=${pool} reset`, {
        group: 'vitest 4',
        of: 'vitest',
      }),
    ),
    fixture('frozen intrinsics', program, 'node --frozen-intrinsics program.mjs'),
    fixture('the permission model', program, `node ${permission} --allow-fs-read=* --allow-child-process --allow-worker program.mjs`), // prettier-ignore
    fixture('CommonJS', ['common.cjs'], 'node common.cjs', { short: true }),
    fixture('TypeScript as CommonJS', ['common-main.ts', 'common-job.ts'], 'node --import tsx common-main.ts', { group: 'tsx', of: 'tsx', type: 'commonjs' }), // prettier-ignore
    fixture('TypeScript as CommonJS', ['common-main.ts', 'common-job.ts'], 'tsx common-main.ts', { group: 'tsx', of: 'tsx', type: 'commonjs' }), // prettier-ignore
    ...['20.19', '22', '24', '26'].map((version) =>
      fixture('Node.js', program, 'node program.mjs', { node: `node ${version}` }),
    ),
    ...['18', '20.18'].map((version) =>
      fixture('Node.js, refused', program, 'node program.mjs', {
        node: `node ${version}`,
        refusal: /@forkfold\/core needs Node.js 20.19 or later, and this is /,
      }),
    ),
    ...bundles([
      ['the package bundled', esbuild, 'main.mjs', true],
      ['the package bundled and minified', `${esbuild} --minify`, 'main.mjs'],
      ['the package external', `${esbuild} --external:@forkfold/core`, 'main.mjs'],
      [
        'CommonJS, the package bundled',
        'esbuild common.cjs --bundle --platform=node --outfile=out/main.cjs',
        'main.cjs',
      ],
      ['the package bundled', rolldown, 'bundled.js'],
      ['the package external', `${rolldown} --external @forkfold/core`, 'bundled.js'],
    ]),
    fixture(
      'a bundle without the package, refused',
      ['bundled.mjs', 'alone.mjs'],
      `${esbuild} && node alone.mjs`,
      {
        group: 'bundlers',
        of: 'esbuild',
        refusal: /OptionError.*was bundled into .* keep it out of the bundle/,
      },
    ),
    fixture('Deno', program, 'deno run -A program.mjs', { group: 'deno', of: 'deno' }),
    fixture('Bun, refused', program, 'bun program.mjs', {
      group: 'bun',
      of: 'bun',
      refusal: /@forkfold\/core does not run on Bun/,
    }),
  ];
}

function bundles(list) {
  return list.map(([name, command, main, short = false]) => {
    const [tool] = command.split(' ');
    return fixture(name, ['bundled.mjs', 'common.cjs'], `${command} && node out/${main}`, { group: 'bundlers', of: tool, short }); // prettier-ignore
  });
}

function shown({ name, files, commands }, more) {
  return commands.map((command) => ({ name, contents: files, command, ...more }));
}

function fixture(name, files, command, more = {}) {
  const says = more.refusal === undefined && command.includes('vitest') === false ? 'all is well' : undefined;
  return { name, files, command, group: 'plain', ...(says && { says }), ...more };
}
