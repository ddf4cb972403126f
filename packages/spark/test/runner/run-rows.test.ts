import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { failureIn } from '../../src/runner/failure-line.js';

const program = fileURLToPath(new URL('./fixtures/program.mjs', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly rows: string;
  readonly stderr: string;
  /** Whether all of stdin was taken before the process ended. */
  readonly isDrained: boolean;
}

/** Runs the fixture as Spark does: stdout is for rows, and the runner finds it as descriptor 3. */
async function run(what: string, input: string | Buffer, ...more: string[]): Promise<Ended> {
  const line = 'exec "$0" "$@" 3>&1 1>&2';
  const child: ChildProcess = spawn('bash', ['-c', line, process.execPath, program, what, ...more]);
  const drained = new Promise<boolean>((resolve) => {
    child.stdin!.on('error', () => resolve(false));
    child.stdin!.end(input, () => resolve(true));
  });
  const [rows, stderr, [code], isDrained] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'close'),
    drained,
  ]);
  return { code, rows, stderr, isDrained };
}

/** More than pipes and buffers hold: 1.1 MB. */
const many = Array.from({ length: 60_000 }, (_, index) => `${index % 7}\t${index}\trow ${index}\n`).join('');
const failureOf = ({ stderr }: Ended): string => Buffer.from(failureIn(stderr.slice(-2048))!).toString();

describe('a runner', () => {
  test('gives what it reads, rows larger and smaller than its buffers', async () => {
    const large = `1\t-9223372036854775808\t${'a'.repeat(3_000_000)}\n`;
    const input = `${many}${large}2\t9223372036854775807\t\n${large}`;
    const ended = await run('echo', input);
    expect(ended).toMatchObject({ code: 0, stderr: '', isDrained: true });
    expect(ended.rows === input).toBe(true);
  });

  test('reads a last row without a line feed, and none at all', async () => {
    expect(await run('echo', '1\t2\tx\n3\t4\ty')).toMatchObject({ code: 0, rows: '1\t2\tx\n3\t4\ty\n' });
    expect(await run('echo', '')).toMatchObject({ code: 0, rows: '' });
  });

  test('goes on reading where another loop has stopped', async () => {
    const { code, rows } = await run('inTwoLoops', '1\t1\ta\n1\t2\tb\n1\t3\tc\n');
    expect([code, rows]).toEqual([0, '1\t1\tfirst a\n1\t2\tb\n1\t3\tc\n']);
  });

  test('writes bytes in base64', async () => {
    const { rows } = await run('bytes', '1\t1\t1\n1\t2\t800000\n');
    const pieces = rows.split('\n').map((row) => row.split('\tC:')[1] ?? '');
    expect(pieces.map((piece) => Buffer.from(piece, 'base64').length)).toEqual([1, 800_000, 0]);
  });

  test('keeps what users print away from the rows', async () => {
    expect(await run('prints', '1\t1\ta\n')).toMatchObject({
      code: 0,
      rows: '1\t1\ta\n',
      stderr: 'printed by the user\n',
    });
  });

  test('reads and writes where someone has made the pipes non-blocking', async () => {
    const ended = await run('nonBlocking', many);
    expect(ended.code).toBe(0);
    expect(ended.rows === many).toBe(true);
  });
});

describe('a runner that fails', () => {
  test.each([
    ['throws', 'RangeError: thrown by the work'],
    ['throwsLater', 'RangeError: thrown later'],
    ['rejects', 'RangeError: rejected'],
    ['stopsReading', 'Error: The runner has left'],
    ['badText', 'RangeError: Expected a text'],
  ])('reads stdin to its end, says why in its last line, and exits 70: %s', async (what, failure) => {
    const ended = await run(what, many);
    expect(ended).toMatchObject({ code: 70, isDrained: true });
    expect(failureOf(ended)).toContain(failure);
  });

  test('says so when a row is none', async () => {
    const ended = await run('echo', '1\t1\ta\nnonsense\n');
    expect(ended).toMatchObject({ code: 70 });
    expect(failureOf(ended)).toContain('RangeError: Expected a row of');
  });

  test('says as much as fits in what Spark keeps of stderr', async () => {
    const ended = await run('hugeFailure', many);
    expect(ended).toMatchObject({ code: 70, isDrained: true });
    expect(failureOf(ended)).toBe(`Error: ${'x'.repeat(20)}`);
  });

  test('still exits 70, with a trace, when its failure cannot be encoded', async () => {
    const ended = await run('noEncoding', many);
    expect(ended).toMatchObject({ code: 70, isDrained: true });
    expect(ended.stderr).toContain('Error: cannot be encoded');
  });
});

describe('a runner that ends early', () => {
  test.each([
    ['exits', 0],
    ['exitsWith3', 3],
    ['neverSettles', 0],
  ])('reads stdin to its end and exits 72, so that nobody takes it for done: %s', async (what, own) => {
    const ended = await run(what, many);
    expect(ended).toMatchObject({ code: 72, isDrained: true });
    expect(ended.stderr).toContain(`ended with code ${own} before its work was done`);
  });

  test('exits 71 when a pattern has given it more arguments than it knows', async () => {
    const ended = await run('echo', many, 'two/runner.mjs');
    expect(ended).toMatchObject({ code: 71, rows: '', isDrained: true });
    expect(ended.stderr).toContain('expected 1 arguments, got ["echo","two/runner.mjs"]');
  });
});
