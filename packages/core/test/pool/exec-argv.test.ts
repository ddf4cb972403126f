import { expect, test } from '@jest/globals';
import { inheritedExecArgv } from '../../src/pool/exec-argv.js';

test.each<[string[], string[]]>([
  [[], []],
  [
    ['--import', './hook.mjs', '--require=./a.cjs', '-r', 'b'],
    ['--import', './hook.mjs', '--require=./a.cjs', '-r', 'b'],
  ],
  [
    ['--enable-source-maps', '--conditions=x', '-C', 'y', '--loader', 'ts'],
    ['--enable-source-maps', '--conditions=x', '-C', 'y', '--loader', 'ts'],
  ],
  [['--inspect', '--inspect-brk=0', '--inspect-port', '9230', '--no-warnings'], ['--no-warnings']],
  [
    ['--env-file', '.env', '--import', 'a'],
    ['--import', 'a'],
  ],
  [['-e', '-1', '--eval', 'code', '-pe', '--x', '--input-type', 'module'], []],
  [['--cpu-prof', '--cpu-prof-dir', 'here', '--watch-path', 'src', '--watch', '--test'], []],
  [
    ['--max-old-space-size=99', '--max_semi_space_size', '4'],
    ['--max-old-space-size=99', '--max_semi_space_size', '4'],
  ],
])('%j gives children %j', (given, expected) => {
  expect(inheritedExecArgv(given, undefined)).toEqual(expected);
});

test('a memory limit is not beaten by that of the parent', () => {
  expect(
    inheritedExecArgv(['--max-old-space-size=4000', '--max_old_space_size=5000', '-r', 'a'], 64),
  ).toEqual(['-r', 'a', '--max-old-space-size=64']);
});
