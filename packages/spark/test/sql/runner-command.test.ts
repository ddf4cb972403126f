import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { START_SCRIPT } from '../../src/ship/start-script.js';
import { fileName, NO_FILE, runnerCommand, shellWord } from '../../src/sql/runner-command.js';

const directory = mkdtempSync(join(tmpdir(), 'forkfold-spark-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const bash = (command: string): string =>
  execFileSync('bash', ['-c', command], { cwd: directory, encoding: 'utf8' });

describe('the command of a runner', () => {
  const print = 'require("fs").writeSync(3, process.argv.slice(2).join() + ";"); console.log("printed")';
  const LOADER = 'process.argv.splice(1, 1); require(require("path").resolve(process.argv[1]))';

  /** Lays files into folders. */
  function lay(folders: Record<string, readonly string[]>): void {
    for (const [folder, names] of Object.entries(folders)) {
      mkdirSync(join(directory, folder), { recursive: true });
      writeFileSync(join(directory, folder, 'start.sh'), START_SCRIPT);
      writeFileSync(join(directory, folder, 'load.cjs'), LOADER);
      for (const name of names) writeFileSync(join(directory, folder, name), `${print}\n//${folder}`);
    }
  }

  const names = { start: 'start.sh', loader: 'load.cjs' };
  const command = (runner: string, run: string, args: readonly (string | number)[] = []): string =>
    runnerCommand({ node: process.execPath, ...names, runner, run, leash: '/no/such/leash', args });

  test('runs the file beside that of the run, and keeps stdout for rows', () => {
    lay({ other: ['runner.cjs', 'run-1'], ours: ['runner.cjs', 'run-1', 'run-2'] });
    const given = command('runner.cjs', 'run-2', ['a b', 2, "it's"]);
    expect(bash(`(${given}) 2> printed`)).toBe("./ours/run-2,/no/such/leash,a b,2,it's;");
    expect(bash('cat printed')).toBe('printed\n');
  });

  test('runs once where the files lie in two folders', () => {
    lay({ one: ['twice.cjs', 'run-3'], two: ['twice.cjs', 'run-3'] });
    expect(bash(`(${command('twice.cjs', 'run-3')}) 2> /dev/null`)).toBe('./one/run-3,/no/such/leash;');
  });

  test('finds the files where it runs', () => {
    lay({ '.': ['here.cjs', 'run-4'] });
    expect(bash(`(${command('here.cjs', 'run-4')}) 2> /dev/null`)).toBe('./run-4,/no/such/leash;');
  });

  test('fails where there are no files, once it has read its rows', () => {
    const all = `{ printf 'a\\nb\\n'; } | { (${command('runner.cjs', 'no-run')}) 2> said; echo $?; cat; }; cat said`;
    expect(bash(all)).toBe(`${NO_FILE}\nforkfold: no-run is not there\n`);
  });

  test.each(['a b', '*', 'a/b', '', "a'"])(
    'takes no file that the shell would take for something else: "%s"',
    (name) => {
      expect(() => command(name, 'run')).toThrow('Expected a file');
      expect(() => command('runner', name)).toThrow('Expected a file');
    },
  );
});

test('a file has another name for another content and for another session', () => {
  const name = (content: string, session: string): string =>
    fileName('runner', Buffer.from(content), session, '.mjs');
  const names = [
    name('a', '11111111-x'),
    name('b', '11111111-x'),
    name('a', '22222222-x'),
    name('a', '11111111-y'),
  ];
  expect(names[0]).toMatch(/^runner-[0-9a-f]{12}-11111111\.mjs$/);
  expect(new Set(names).size).toBe(3);
  expect(names[3]).toBe(names[0]);
});

test.each(['plain', 'with space', "it's", '$HOME', '`x`', 'a\nb', '', '*', '\\', "${x}'${"])(
  'the shell takes %j as it is',
  (text) => {
    expect(bash(`printf %s ${shellWord(text)}`)).toBe(text);
  },
);

test('Spark finds nothing to replace in a word', () => {
  expect(shellWord("${spark.app.name}'${")).not.toContain('${');
});
