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

test('a slot answers whatever befalls its task, since a rejection would end the program', async () => {
  const slot = await inlinePool().acquire();
  const task = { run: '/nowhere', stage: 0, name: '0-0', chunks: undefined as never };
  const limits = { signal: new AbortController().signal, timeout: undefined };
  expect(await slot.run(task, limits)).toMatchObject({ kind: 'reply', reply: { ok: false } });
});
