import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { forkfold, forkfolds, start, type Ended } from './command.js';

const folder = mkdtempSync(join(tmpdir(), 'forkfold-cli-test-'));
/** Without children, where a test is not about them. */
const here = ['--processes', '0'];

beforeAll(() => {
  mkdirSync(join(folder, 'node_modules', '@forkfold'), { recursive: true });
  symlinkSync(
    join(import.meta.dirname, '..', '..', 'core'),
    join(folder, 'node_modules', '@forkfold', 'core'),
  );
  const files = {
    'a.txt': 'to be or not\nto be\n',
    'a.tsv': 'name\tsize\nx\t1\n',
    'a.jsonl': '{"name":"y","size":2}\n',
    'types.ts': 'export const a: number = 1;\n',
    'job.js': `import { defineJob, range } from '@forkfold/core';
      const one = 1;
      export const wordCount = defineJob(import.meta.url, (lines, minLength = one, { but = '' } = {}) =>
        lines.flatMap((line) => line.split(' '))
          .filter((word) => word.length >= minLength && word !== but).countByValue());
      export const least = defineJob(import.meta.url, (lines, minLength) => lines);
      export const numbers = range(3);
      export const total = range(4).reduce((a, b) => a + b);
      export const stuck = range(1).map(() => { process.stderr.write('started'); for (;;); });`,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  writeFileSync(join(folder, 'a.csv.gz'), gzipSync('name,size\n"a, b",3\n'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (args: readonly string[], stdin?: string) => forkfold(folder, args, stdin);

test('a job runs in children on the files and parameters that the command line names', async () => {
  const args = ['run', 'job.js#wordCount', '*.txt', '--param', 'minLength=2', '-p', 'but=not', '--top', '2'];
  const ended = await run([...args, '--processes', '1', '--report', 'report.json', '--progress']);
  expect(ended).toMatchObject({ code: 0, stdout: '["to",2]\n["be",2]\n' });
  expect(ended.stderr).toContain('done in');
  expect(readFileSync(join(folder, 'report.json'), 'utf8')).toContain('"stages"');
});

test('an expression runs in children, where its functions see parameters and what core exports', async () => {
  const text =
    "lines.flatMap((l) => l.split(' ')).filter((w) => w !== but).map((w) => [w, 1]).aggregateByKey(count)";
  const ended = await run([
    '-e',
    text,
    'a.txt',
    '-p',
    'but=or',
    '--top',
    '3',
    '--processes',
    '2',
    '--no-progress',
  ]);
  expect(ended).toEqual({ code: 0, stdout: '["to",2]\n["be",2]\n["not",1]\n', stderr: '' });
});

test('rows are those of all formats by their endings, compressed or not', async () => {
  const ended = await run(['-e', 'rows', 'a.csv.gz', 'a.tsv', 'a.jsonl', ...here]);
  expect(
    ended.stdout
      .split('\n')
      .slice(0, 3)
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { name: 'a, b', size: '3' },
    { name: 'x', size: '1' },
    { name: 'y', size: 2 },
  ]);
});

test('rows of Parquet are read by the package for it, where the command is called', async () => {
  const there = join(folder, 'parquet');
  mkdirSync(join(there, 'node_modules', '@forkfold'), { recursive: true });
  for (const name of ['core', 'parquet']) {
    symlinkSync(join(import.meta.dirname, '..', '..', name), join(there, 'node_modules', '@forkfold', name));
  }
  const made = `import { range } from '@forkfold/core';
    import { writeParquet } from '@forkfold/parquet';
    export const written = writeParquet(range(3).map((n) => ({ n })), 'out');`;
  writeFileSync(join(there, 'make.js'), made);
  const { stdout } = await forkfold(there, ['run', 'make.js', ...here]);
  expect(JSON.parse(stdout)).toMatchObject({ records: 3 });
  const ended = await forkfold(there, ['-e', 'rows.map(({ n }) => n)', 'out/*.parquet', ...here]);
  expect(ended).toEqual({ code: 0, stdout: '0\n1\n2\n', stderr: '' });
});

test.each([
  ['csv', 'name,size\n"a, b",3\n'],
  ['table', 'name  size\na, b  3\n'],
  ['jsonl', '{"name":"a, b","size":"3"}\n'],
])('a result is written as %s', async (output, expected) => {
  expect((await run(['-e', 'rows', 'a.csv.gz', '-o', output, ...here])).stdout).toBe(expected);
});

test.each<[string, string[], string]>([
  ['a dataset of a module', ['run', 'job.js#numbers'], '0\n1\n2\n'],
  ['a plan of a module', ['run', 'job.js#total'], '6\n'],
  ['a map', ['-e', 'range(1).map((n) => [n, 2n ** 64n]).toMap()'], '[0,"18446744073709551616"]\n'],
  ['no result', ['-e', 'range(3).forEach(() => {})'], ''],
])('%s is a result', async (_, args, expected) => {
  expect(await run([...args, ...here])).toEqual({ code: 0, stdout: expected, stderr: '' });
});

test.each<[string, string[], string, string]>([
  ['lines', ['-e', 'lines.map((l) => l.length)'], 'ab\r\nc', '2\n1\n'],
  ['lines by a dash', ['run', 'job.js#wordCount', '-'], 'a', '["a",1]\n'],
  ['rows', ['-e', 'rows.map((r) => r.a)', '--format', 'jsonl'], '{"a":1}\n\n{"a":2}\n', '1\n2\n'],
])('stdin is a source of %s', async (_, args, stdin, expected) => {
  expect(await run([...args, ...here], stdin)).toEqual({ code: 0, stdout: expected, stderr: '' });
});

test('a reader that has enough ends the run quietly', async () => {
  const child = start(folder, ['-e', 'range(1e12)', '--processes', '1']);
  child.stdin.end();
  child.stdout.once('data', () => child.stdout.destroy());
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
});

test('Ctrl-C ends the run and its children, with the exit code of its signal', async () => {
  const child = start(folder, ['run', 'job.js#stuck', '--processes', '1']);
  await once(child.stderr, 'data');
  child.kill('SIGINT');
  // The stream closes when no child holds its stderr any more.
  expect(await once(child, 'close')).toEqual([130, null]);
});

test('a checkpoint is kept for the same expression, which goes on', async () => {
  const args = ['--checkpoint', 'kept', '--chunk-size', '1', '--processes', '1', '-p', 'limit=2'];
  const text = "range(4).map((n) => { if (n > limit) throw new Error('too many'); return n; }).count()";
  expect(await run(['-e', text, ...args])).toMatchObject({ code: 1 });
  const other = await run(['-e', `${text} `, ...args]);
  expect(other.stderr).toContain('another');
  const again = await run(['-e', text, ...args]);
  expect(again.stderr).toContain('too many');
});

test('explain says what would be done, and does nothing', async () => {
  const { stdout, code } = await run(['explain', 'job.js#wordCount', 'a.txt', '--processes', '3']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Plan of 2 stages, in 3 child processes\n[^]*textLines\(a\.txt\) -> flatMap/);
});

test('doctor looks at the machine and tries a run', async () => {
  const { stdout, code } = await run(['doctor', '--processes', '1']);
  expect(code).toBe(0);
  for (const what of ['node', 'cores', 'memory', 'tmp', 'flags'])
    expect(stdout).toMatch(new RegExp(`^(ok|!!)  ${what} `, 'm'));
  expect(stdout).toMatch(/^ok {2}trial +1 children answered/m);
});

test('doctor fails where no run can succeed, and says why', async () => {
  const { stdout, code } = await run(['doctor', '--tmp-dir', 'nowhere']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^!! {2}trial [^]*nowhere/m);
});

test.each([
  [['--help'], 'forkfold doctor'],
  [['help', 'options'], '--memory-limit N'],
])('%j fits a terminal', async (args, part) => {
  const { stdout, code } = await run(args);
  expect(code).toBe(0);
  expect(stdout).toContain(part);
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(stdout.split('\n').length).toBeLessThan(42);
});

const wrong: readonly (readonly [args: string[], message: string])[] = [
  [['dcotor'], 'Unknown command "dcotor": did you mean "doctor"?'],
  [['job.js#a'], 'did you mean "forkfold run job.js#a"?'],
  [['-e', 'lines', '--workers', '3'], 'Unknown option "--workers": did you mean "--processes"?'],
  [['-e', 'lines', '--chunkBytes', '3'], 'did you mean "--chunk-bytes"?'],
  [['-e', 'lines', '--processes', 'x'], 'Expected "processes" to be an integer from 0 to 1024, got "x"'],
  [['-e', 'lines', '--processes'], '--processes needs a value'],
  [['-e', 'lines', '--top', '0'], 'Expected --top to be an integer of at least 1'],
  [['-e', 'lines', '-o', 'jsnl'], 'Unknown --output "jsnl": did you mean "jsonl"?'],
  [['-e', 'lines', '-p', 'x'], 'Expected --param NAME=VALUE'],
  [['-e', 'lines', '-e', 'rows'], '--expression is given twice'],
  [['-e', 'lines.map('], 'The expression is not JavaScript'],
  [['-e', '1 + 1'], 'Expected a dataset or a plan, got a number'],
  [['-e', 'rows', 'a.txt'], '"rows" means nothing here: the ending of a.txt'],
  [['-e', 'lines.mapp(Math.abs)', 'a.txt'], 'lines.mapp is not a function: did you mean "map"?'],
  [['-e', 'rows', 'a.parquet'], 'npm install @forkfold/parquet'],
  [['-e', 'lines', '-', 'a.txt'], '"-" stands for stdin'],
  [['run'], 'Nothing to run'],
  [['run', 'gone.js'], 'There is no module gone.js'],
  [['run', 'job.js'], 'name one of job.js#least, job.js#numbers'],
  [['run', 'job.js#wordcount'], 'did you mean "wordCount"?'],
  [
    ['run', 'job.js#least', 'a.txt', '-p', 'minLenth=1'],
    'has no parameter "minLenth": did you mean "minLength"?',
  ],
  [['run', 'job.js#numbers', 'a.txt'], 'takes neither files nor parameters'],
  [['run', 'job.js#total', '--top', '1'], 'leave out its action, or --top'],
];

describe('a wrong usage', () => {
  let all: Ended[] = [];
  beforeAll(async () => {
    // A process for each would take most of the time of this file.
    all = await forkfolds(
      folder,
      wrong.map(([args]) => args),
    );
  });

  test.each(wrong.map(([args, message], i) => [args, message, i] as const))('%j', (_, message, i) => {
    expect(all[i]).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });

  test('ends the process with the same code and words', async () => {
    expect(await run(wrong[0]![0])).toEqual(all[0]);
  });
});

test('TypeScript runs where Node.js strips types, and else the error names a loader', async () => {
  const { stderr } = await run(['run', 'types.ts#a']);
  const { typescript } = process.features as { typescript?: unknown };
  expect(stderr).toContain(typescript ? 'exports no job' : 'node --import tsx');
});

test('a run that fails names the function, the record and the place, and ends with 1', async () => {
  const ended = await run(['-e', 'lines.map((l) => l.no.thing)', 'a.txt', ...here]);
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toMatch(/^forkfold: TaskError: map threw TypeError: .*a\.txt:1/);
});
