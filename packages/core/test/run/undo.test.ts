import { expect, test } from '@jest/globals';
import { openUndo } from '../../src/run/undo.js';

test('what was done is undone, the last first, each once, even where a step fails', async () => {
  const undo = openUndo();
  const done: string[] = [];
  const reason = new Error('first');
  undo.add(() => done.push('a'));
  undo.add(() => Promise.reject(new Error('second')));
  undo.add(async () => done.push('b'));
  undo.add(() => {
    throw reason;
  });
  await expect(undo.all()).rejects.toBe(reason);
  expect(done).toEqual(['b', 'a']);
  await undo.all();
  expect(done).toEqual(['b', 'a']);
});
