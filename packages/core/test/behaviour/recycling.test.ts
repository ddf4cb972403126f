import { afterEach, expect, it } from '@jest/globals';
import { createPool, range, type Pool, type RunOptions } from '@forkfold/core';
import { harness, isAlive } from './harness.js';

const shared = harness();
let pool: Pool;

afterEach(async () => {
  await pool.close();
});

const options = (more?: RunOptions): RunOptions => ({ pool, tmpDir: shared.tmpDir, ...more });
const pids = (chunks = 12): Promise<number[]> =>
  range(chunks)
    .map(() => process.pid)
    .toArray()
    .run(options({ chunkSize: 1 }));

it('keeps a child for all chunks by default', async () => {
  pool = createPool({ processes: 1 });
  expect(new Set(await pids()).size).toBe(1);
});

it.each([1, 2])('replaces each of %d children after tasksPerProcess chunks', async (processes) => {
  pool = createPool({ processes, tasksPerProcess: 3 });
  const seen = await pids(8);
  expect(seen).toHaveLength(8);
  const times = [...new Set(seen)].map((pid) => seen.filter((other) => other === pid).length);
  expect(Math.max(...times)).toBe(3);
});

it('replaces a child that holds more memory than its limit between chunks', async () => {
  pool = createPool({ processes: 1, memoryLimit: 64 });
  const seen = await range(4)
    .map((n) => {
      // Outside the heap, so that only resident memory tells.
      const held = globalThis as { hoard?: Uint8Array[] };
      (held.hoard ??= []).push(new Uint8Array(n === 1 ? 100 * 2 ** 20 : 1).fill(1));
      return process.pid;
    })
    .toArray()
    .run(options({ chunkSize: 1 }));
  expect(seen[0]).toBe(seen[1]);
  expect(seen[2]).not.toBe(seen[1]);
  expect(seen[3]).toBe(seen[2]);
});

it('leaves no child behind', async () => {
  pool = createPool({ processes: 2, tasksPerProcess: 1 });
  const seen = await pids(4);
  expect(new Set(seen).size).toBe(4);
  await pool.close();
  expect(seen.filter(isAlive)).toEqual([]);
});

it('does not count the death of an idle child as an attempt', async () => {
  pool = createPool({ processes: 1 });
  const [pid] = await pids();
  process.kill(pid!, 'SIGKILL');
  const again = await range(3)
    .map(() => process.pid)
    .toArray()
    .run(options({ retries: 0 }));
  expect(again).toHaveLength(3);
  expect(again[0]).not.toBe(pid);
});
