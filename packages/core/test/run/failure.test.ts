import { expect, test } from '@jest/globals';
import { TaskError } from '../../src/errors.js';
import { toError } from '../../src/run/failure.js';
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
