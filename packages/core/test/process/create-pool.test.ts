import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

if (!existsSync(new URL('../../dist/index.js', import.meta.url)))
  throw new Error('build first: npm run build');
const { createPool, OptionError, range } = await import('@forkfold/core');

describe('A pool', () => {
  it('checks its options at once, before anything is loaded', () => {
    expect(() => createPool({ processes: -1 })).toThrow(OptionError);
  });

  it.each([0, 2])('of %d processes serves several runs at once', async (processes) => {
    await using pool = createPool({ processes });
    expect(pool.size).toBe(processes);
    const counts = [10, 20, 30].map((n) => range(n).count().run({ pool, chunkSize: 3 }));
    expect(await Promise.all(counts)).toEqual([10, 20, 30]);
  });

  it.each([0, 2])(
    'of %d processes that was never used can be closed, and refuses runs then',
    async (processes) => {
      const pool = createPool({ processes });
      await pool.close();
      await expect(range(10).count().run({ pool })).rejects.toThrow('This pool is closed');
    },
  );
});
