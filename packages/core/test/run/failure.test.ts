import { expect, test } from '@jest/globals';
import { TaskError } from '../../src/errors.js';
import { checkOptions } from '../../src/options.js';
import { lastError, toError } from '../../src/run/failure.js';
import { encodeThrown } from '../../src/transport/error-codec.js';

test('the message of a TaskError escapes what a record could make a terminal do; the cause keeps it', () => {
  const hostile = 'bad \u001b[2Jrecord\n\u202efdp.exe';
  const error = toError({
    kind: 'task',
    verb: 'map',
    chunk: 0,
    position: { index: 3 },
    preview: '3',
    thrown: encodeThrown(new RangeError(hostile)),
  });
  expect(error).toBeInstanceOf(TaskError);
  expect(error.message).toBe(
    'map threw RangeError: bad \\x1b[2Jrecord\\n\\u202efdp.exe (chunk 0 at record 3: 3)',
  );
  expect(error.stack).toMatch(/^TaskError: map threw RangeError: bad \\x1b/);
  expect(error.cause).toHaveProperty('message', hostile);
});

test('a death by a late error is not blamed on the chunk under way, which may be innocent of it', () => {
  const late = { error: new RangeError('too late') };
  const death = { kind: 'died', phase: 'task', exitCode: 1, signal: null, late } as const;
  const source = { kind: 'range', start: 0, step: 1, first: 0, count: 1 } as const;
  const task = { run: '', stage: 0, name: '', chunks: [{ number: 2, branch: 0, source }] };
  const error = lastError(death, 1, task, checkOptions({}), undefined);
  expect(error.message).toBe(
    'The child process died with exit code 1 while it worked on chunk 2; ' +
      'outside the task it met [RangeError: too late], which an earlier chunk may have left behind',
  );
  expect(error.cause).toBe(late.error);
});
