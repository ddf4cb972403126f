import { getEventListeners } from 'node:events';
import { serialize } from 'node:v8';
import { expect, test } from '@jest/globals';
import { inlinePool } from '../../src/pool/inline-pool.js';
import type { PoolTask } from '../../src/pool/pool.js';
import { descriptionOf } from '../child/descriptions.js';

const limits = () => ({ signal: new AbortController().signal, timeout: undefined });
const message = { run: '/nowhere', stage: 0, name: '0-0', chunks: [] };

test('a task leaves no listener on the signal of its run', async () => {
  const { signal } = new AbortController();
  // There is no such run, so the task fails; it ends all the same.
  const task: PoolTask = { message, description: { file: '/nowhere' }, imports: [] };
  const outcome = await inlinePool().run(task, { signal, timeout: undefined });
  expect(outcome).toMatchObject({ kind: 'reply', reply: { ok: false } });
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('a task is answered whatever befalls it, since a rejection would end the program', async () => {
  const task: PoolTask = {
    message: { ...message, chunks: undefined as never },
    description: serialize(descriptionOf()),
    imports: [],
  };
  expect(await inlinePool().run(task, limits())).toMatchObject({ kind: 'reply', reply: { ok: false } });
});

test('a run is loaded when its first task needs it, and again once it was forgotten', async () => {
  const pool = inlinePool();
  const known = serialize(descriptionOf());
  const unreadable = { file: '/nowhere' };
  const ask = async (run: string, description: PoolTask['description']) =>
    pool.run({ message: { ...message, run }, description, imports: [] }, limits());
  expect(await ask('a', known)).toMatchObject({ reply: { ok: true } });
  // The run is known by its name, so its description is not looked at.
  expect(await ask('a', unreadable)).toMatchObject({ reply: { ok: true } });
  pool.forget('a');
  // What has ended is forgotten when another run begins.
  expect(await ask('b', known)).toMatchObject({ reply: { ok: true } });
  expect(await ask('a', unreadable)).toMatchObject({ reply: { ok: false } });
});
