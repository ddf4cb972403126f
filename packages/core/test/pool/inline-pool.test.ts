import { getEventListeners } from 'node:events';
import { expect, test } from '@jest/globals';
import { inlinePool } from '../../src/pool/inline-pool.js';

test('a task leaves no listener on the signal of its run', async () => {
  const { signal } = new AbortController();
  const pool = inlinePool();
  const slot = await pool.acquire();
  // There is no such run, so the task fails; it ends all the same.
  const task = { run: '/nowhere', stage: 0, name: '0-0', chunks: [] };
  const outcome = await slot.run(task, { signal, timeout: undefined });
  expect(outcome).toMatchObject({ kind: 'reply', reply: { ok: false } });
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});
