import { writeFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { createPool, textLines } from '@forkfold/core';
import { harness, program } from './harness.js';

const shared = harness();

it("does not let the parent's heap grow with the number of tasks", async () => {
  // 100 bytes a task would be a leak.
  expect(Number(await program('many-tasks.mjs', [], ['--expose-gc']))).toBeLessThan(500_000);
});

it('keeps parts of lines without the lines that they are parts of', async () => {
  const path = shared.fresh();
  const blocks = Array.from({ length: 100 }, (_, block) =>
    Array.from(
      { length: 2_000 },
      (_, i) => `user-${String(block * 2_000 + i).padStart(12, '0')} ${'x'.repeat(280)}\n`,
    ).join(''),
  );
  await writeFile(path, blocks);
  const users = textLines(path).map((line) => line.slice(0, 17));
  // The lines of one task are twice as much as a child may hold.
  await using pool = createPool({ processes: 1, memoryLimit: 32 });
  const options = { pool, tmpDir: shared.tmpDir, chunkBytes: 2 ** 30, retries: 0 };
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
});
