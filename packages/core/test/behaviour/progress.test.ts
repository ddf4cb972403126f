import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { counter, range, textLines, type Progress } from '@forkfold/core';
import { directories, harness, script } from './harness.js';

const place = directories(harness());

it('comes while a single chunk is worked on, and never becomes less', async () => {
  const told: Progress[] = [];
  let before = 0;
  await range(3)
    .mapAsync(async (n) => {
      await new Promise((resolve) => setTimeout(resolve, 350));
      counter('waited').add();
      return n;
    })
    .count()
    .run(place.options(1, { chunkSize: 1, timeout: 60_000, progress: (progress) => told.push(progress) }));
  expect(told.length).toBeGreaterThan(6);
  for (const { seconds, chunks, share } of told) {
    expect(seconds).toBeGreaterThanOrEqual(before);
    expect(share).toBe(chunks / 3);
    before = seconds;
  }
  expect(told.map(({ chunks }) => chunks)).toEqual(
    told.map(({ chunks }) => chunks).toSorted((a, b) => a - b),
  );
  expect(told.some(({ busy, processes }) => busy === 1 && processes === 1)).toBe(true);
  expect(told.at(-1)).toMatchObject({ chunks: 3, records: 3, counters: { waited: 3 } });
});

it('moves inside a chunk, a compressed file, and never back when its child dies', async () => {
  const file = join(place.root, 'a.gz');
  const lines = Array.from({ length: 1500 }, (_, i) => `${i} ${randomBytes(600).toString('hex')}`);
  writeFileSync(file, gzipSync(lines.join('\n')));
  const told: Progress[] = [];
  await textLines(file)
    .map((line) => {
      // A busy child: no timer of its process fires.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      const { existsSync, writeFileSync: write } = process.getBuiltinModule('node:fs');
      if (line.startsWith('1200 ') && !existsSync(process.env['DIED']!)) {
        write(process.env['DIED']!, '');
        process.kill(process.pid, 'SIGKILL');
      }
      return line.length;
    })
    .count()
    .run({
      processes: 1,
      env: { DIED: join(place.root, 'died') },
      progress: (progress) => told.push(progress),
    });
  const inside = told.filter(({ chunks, records, bytes }) => chunks === 0 && records > 0 && bytes > 0);
  expect(inside.length).toBeGreaterThan(2);
  expect(inside.at(-1)).toMatchObject({ retries: 1 });
  expect(inside.every(({ share, eta }) => share! > 0 && share! < 1 && eta !== undefined)).toBe(true);
  for (const [i, { records, bytes, share }] of told.slice(1).entries()) {
    expect(records).toBeGreaterThanOrEqual(told[i]!.records);
    expect(bytes).toBeGreaterThanOrEqual(told[i]!.bytes);
    expect(share).toBeGreaterThanOrEqual(told[i]!.share!);
  }
  const { size } = statSync(file);
  expect(told.at(-1)).toMatchObject({ chunks: 1, records: 1500, bytes: size, share: 1 });
});

it('what the function throws between two tasks ends the run', async () => {
  const error = new Error('no more');
  let calls = 0;
  const run = range(1)
    .mapAsync(async () => new Promise((resolve) => setTimeout(resolve, 60_000)))
    .count()
    .run(
      place.options(1, {
        progress() {
          calls += 1;
          throw error;
        },
      }),
    );
  await expect(run).rejects.toBe(error);
  expect(calls).toBe(1);
});

it('is plain lines on stderr where there is no terminal, with a summary', async () => {
  const { stdout, stderr } = await script(
    `import { counter, range } from '@forkfold/core';
    const slow = range(4).mapAsync(async () => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      counter('waited').add();
    });
    await slow.count().run({ processes: 1, chunkSize: 1, timeout: 60_000, progress: true, tmpDir: process.argv[1] });`,
    place.tmpDir,
  );
  expect(stdout).toBe('');
  const lines = stderr.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^stage 1\/1 \d+ % · \d records .*1 of 1 busy/);
  const [summary, ...advice] = lines.slice(lines.findIndex((line) => line.startsWith('done')));
  expect(summary).toMatch(/^done in \d\.\d s: 4 records \(.*\) · waited 4$/);
  expect(advice).toEqual([
    expect.stringMatching(/^advice: mapAsync of stage 1 never had more than 1 of 16 calls/),
  ]);
});

it('says what a checkpoint keeps when the run is interrupted, and what it gave when it goes on', async () => {
  const checkpoint = join(place.root, 'checkpoint');
  const text = `import { range } from '@forkfold/core';
    const [, tmpDir, checkpoint, isLast] = process.argv;
    let chunks = 0;
    await range(10).mapAsync(async (n) => n).forEach((n) => {
      chunks += 1;
      if (isLast === 'no' && chunks === 5) process.kill(process.pid, 'SIGINT');
    }).run({ processes: 1, chunkSize: 1, checkpoint, tmpDir, progress: true });`;
  const run = async (isLast: string): Promise<{ code: number | null; stderr: string }> => {
    const argv = ['--input-type=module', '--eval', text, place.tmpDir, checkpoint, isLast];
    const child = spawn(process.execPath, argv, { cwd: fileURLToPath(new URL('../..', import.meta.url)) });
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr })));
  };
  const first = await run('no');
  expect(first.code).toBe(130);
  expect(first.stderr).toMatch(/interrupted after \d\.\d s: /);
  expect(first.stderr).toContain(
    `of 10 chunks of stage 1 are kept in ${checkpoint}: run the same again to go on`,
  );
  const second = await run('yes');
  expect([second.code, second.stderr]).toEqual([
    0,
    expect.stringMatching(/ chunks restored from the checkpoint\n$/),
  ]);
});
