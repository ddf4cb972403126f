import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { openSqlClient, type SqlClientOptions } from '../../src/cli/sql-client.js';
import type { SparkDoor } from '../../src/client/spark-door.js';

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const standIn = [process.execPath, fixture('spark-sql.mjs')];

const opened: SparkDoor[] = [];
afterEach(async () => {
  for (const door of opened.splice(0)) await door.close();
});

async function open(given: Partial<SqlClientOptions> = {}, signal?: AbortSignal): Promise<SparkDoor> {
  const door = await openSqlClient({ command: standIn, conf: {}, ...given }, signal);
  opened.push(door);
  return door;
}

const caught = (work: Promise<unknown>): Promise<any> =>
  work.then(
    (value) => new Error(`it gave ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );

/** The directories of the stand-ins that run. */
function running(): string[] {
  const all = execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).split('\n');
  // The shell that watches over it has its words, too.
  const found = all.flatMap((line) => {
    const [, main] = /spark-sql\.mjs .*-f (\S+)/.exec(line) ?? [];
    return main === undefined ? [] : [dirname(main)];
  });
  return [...new Set(found)];
}

describe('the command line of Spark', () => {
  test('says what it is', async () => {
    const door = await open();
    expect(door).toMatchObject({ version: '4.2.0', applicationId: 'app-1' });
    expect(await door.isThere()).toBe(true);
  });

  test('gives the rows of one query after another, and nothing else that is printed', async () => {
    const door = await open();
    expect(await door.sql('ROWS 2')).toEqual([
      ['0', '0', ''],
      ['1', '10', 'x'],
    ]);
    await door.command('CACHE TABLE x');
    expect(await door.sql('ROWS 0')).toEqual([]);
    expect(await door.sql('LONG 500000')).toEqual([['é'.repeat(500_000)]]);
    expect(await Promise.all([door.sql('ROWS 1'), door.sql('ROWS 300')])).toMatchObject([
      { length: 1 },
      { length: 300 },
    ]);
  });

  test('goes on after a loop that was left early', async () => {
    const door = await open();
    for await (const [first] of door.query('ROWS 40000')) {
      expect(first).toBe('0');
      break;
    }
    expect(await door.sql('ROWS 1')).toHaveLength(1);
  });

  test('goes on for more steps than its script has', async () => {
    const door = await open();
    for (let n = 0; n < 45; n++) await door.command('CACHE TABLE x');
    expect(await door.sql('ROWS 1')).toHaveLength(1);
  });

  test('is given files that are there', async () => {
    const door = await open();
    await door.addFiles([{ name: 'a.txt', data: Buffer.from('content') }]);
    expect(await caught(door.addFiles([{ name: 'a b', data: Buffer.from('') }]))).toMatchObject({
      name: 'OptionError',
      message: expect.stringContaining('"a b"'),
    });
  });

  test('goes on after a statement that fails, whose error has all that was said', async () => {
    const door = await open();
    const error = await caught(door.sql('FAIL'));
    expect(error).toMatchObject({
      name: 'EngineError',
      applicationId: 'app-1',
      message: 'Subprocess exited with status 70. Error: why\n.',
    });
    expect(error.chain.join()).toContain('Error: early');
    expect(error.chain.join()).not.toContain('Thread.java');
    expect(await caught(door.command('WRONG'))).toMatchObject({
      condition: 'PARSE_SYNTAX_ERROR',
      sqlState: '42601',
    });
    expect(await door.sql('ROWS 1')).toHaveLength(1);
  });

  test('that dies says how, and is not there any more', async () => {
    const door = await open();
    expect(await caught(door.sql('DIE'))).toMatchObject({
      name: 'EngineError',
      message: expect.stringMatching(/ended with code 134: .*A fatal error has been detected/s),
    });
    expect(await door.isThere()).toBe(false);
    expect(await caught(door.sql('ROWS 1'))).toMatchObject({ name: 'EngineError' });
  });
});

describe('is an error before anything is sent:', () => {
  test.each<[string, Partial<SqlClientOptions>, RegExp]>([
    ['a program that is not there', { command: ['no-such-spark-sql'] }, /^no-such-spark-sql cannot be run: .*"command"/],
    ['a path that is none', { command: ['/no/such/spark-sql', '--master', 'x'] }, /cannot be run: .*"command"/],
    ['one that does not start', { conf: { start: 'never' } }, /ended with code 3: .*\(No suitable driver for master\)/],
    ['one that takes too long', { conf: { start: 'late' }, patience: 300 }, /has not started in 0\.3 seconds/],
    ['one of Spark 3', { conf: { version: '3.5.4' } }, /^Expected spark-sql of Spark 4\.0 or newer, it is 3\.5\.4/],
    ['one that is no Spark', { command: ['echo', 'hello'] }, /ended with code 0/],
  ])('%s', async (_, given, message) => {
    expect(await caught(open(given))).toMatchObject({ name: 'EngineError', message: expect.stringMatching(message) });
    expect(running()).toEqual([]);
  }); // prettier-ignore
});

describe('leaves nothing', () => {
  test('when it is closed', async () => {
    const door = await open();
    const [directory] = running();
    expect(existsSync(directory!)).toBe(true);
    await door.close();
    expect(running()).toEqual([]);
    expect(existsSync(directory!)).toBe(false);
  });

  test('when a query is aborted, which rejects with the reason', async () => {
    const door = await open();
    const abort = new AbortController();
    const reason = new Error('enough');
    const failed = (async () => {
      for await (const [told] of door.query('HANG', { signal: abort.signal })) {
        expect(told).toBe('hanging');
        abort.abort(reason);
      }
    })();
    expect(await caught(failed)).toBe(reason);
    expect(await door.isThere()).toBe(false);
    await door.close();
    expect(running()).toEqual([]);
  });

  test('when it is aborted before it has started', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const failed = caught(open({ conf: { start: 'late' } }, abort.signal));
    while (running().length === 0) await sleep(20);
    abort.abort(reason);
    expect(await failed).toBe(reason);
    expect(running()).toEqual([]);
  });

  test('when the program that has started it is killed, and does not keep it from ending', async () => {
    const program = fixture('program.mjs');
    const ends = spawn(process.execPath, [program, ...standIn], { stdio: ['ignore', 'pipe', 'inherit'] });
    expect(await once(ends, 'exit')).toEqual([0, null]);
    expect(running()).toEqual([]);

    const killed = spawn(process.execPath, [program, ...standIn, 'wait'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(killed.stdout, 'data');
    expect(running()).toHaveLength(1);
    killed.kill('SIGKILL');
    while (running().length > 0) await sleep(20);
  });
});
