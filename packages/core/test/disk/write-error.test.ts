import { expect, it } from '@jest/globals';
import { isFull, roomElsewhere, writeError } from '../../src/disk/write-error.js';
import { SourceError } from '../../src/errors.js';

const failure = (code: string): Error => Object.assign(new Error(`${code}: it failed`), { code });
const details = { directory: '/d', file: '/d/f', done: 7, what: 'a part', remedy: 'move it' };

it.each([
  ['ENOSPC', true, 'No space left in /d after 7 bytes of a part: free space or move it'],
  ['EDQUOT', true, 'The disk quota is used up in /d after 7 bytes of a part: free space or move it'],
  ['EIO', false, 'Cannot write in /d after 7 bytes of a part: EIO: it failed; move it if this disk fails'],
])('an error %s (want of space: %p) says what is left to do', (code, isForWantOfSpace, message) => {
  const cause = failure(code);
  expect(isFull(cause)).toBe(isForWantOfSpace);
  const error = writeError(cause, details);
  expect(error).toBeInstanceOf(SourceError);
  expect(error).toMatchObject({ message, file: '/d/f', cause });
});

it('the files of a checkpoint have room elsewhere, and those of a run alone', () => {
  expect([roomElsewhere(true), roomElsewhere()]).toEqual([
    'move the checkpoint to another disk',
    'set tmpDir',
  ]);
});
