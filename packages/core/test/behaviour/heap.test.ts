import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

if (!existsSync(new URL('../../dist/index.js', import.meta.url)))
  throw new Error('build first: npm run build');
const { textLines } = await import('@forkfold/core');

it("does not let the parent's heap grow with the number of tasks", async () => {
  const fixture = fileURLToPath(new URL('../fixtures/many-tasks.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', fixture]);
  // 100 bytes a task would be a leak.
  expect(Number(stdout)).toBeLessThan(1_000_000);
});

it('keeps parts of lines without the lines that they are parts of', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'forkfold-test-'));
  try {
    const path = join(directory, 'lines.txt');
    const blocks = Array.from({ length: 100 }, (_, block) =>
      Array.from(
        { length: 2_000 },
        (_, i) => `user-${String(block * 2_000 + i).padStart(12, '0')} ${'x'.repeat(280)}\n`,
      ).join(''),
    );
    await writeFile(path, blocks);
    const users = textLines(path).map((line) => line.slice(0, 17));
    // The lines of one task are twice as much as a child may hold.
    const options = { processes: 1, memoryLimit: 32, chunkBytes: 2 ** 30, retries: 0 };
    expect(
      await users
        .sortBy((user) => user)
        .count()
        .run(options),
    ).toBe(200_000);
    expect(await users.distinct().count().run(options)).toBe(200_000);
    expect(
      await users
        .keyBy((user) => user.slice(-1))
        .groupByKey()
        .count()
        .run(options),
    ).toBe(10);
  } finally {
    await rm(directory, { recursive: true });
  }
});
