import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

it("does not let the parent's heap grow with the number of tasks", async () => {
  const fixture = fileURLToPath(new URL('../fixtures/many-tasks.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', fixture]);
  // 100 bytes a task would be a leak.
  expect(Number(stdout)).toBeLessThan(1_000_000);
});
