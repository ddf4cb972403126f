import { expect, test } from '@jest/globals';
import { TaskError } from '../../src/errors.js';
import { toError } from '../../src/run/to-error.js';
import { encodeThrown } from '../../src/values/error-codec.js';

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

test('names of files are escaped and cut, and so are the lines of the stack of the child', () => {
  const thrown = Object.assign(new Error('bad'), { name: 'N'.repeat(10_000) });
  thrown.stack = 'Error: bad\n    at \u001b]0;pwn\u0007 (a.js:1)';
  const file = `/data/${'d'.repeat(1000)}/\u001b[2J.txt`;
  const error = toError({
    kind: 'task',
    verb: 'map',
    chunk: 0,
    position: { file, line: 2 },
    preview: '3',
    thrown: encodeThrown(thrown),
  });
  expect(error.message).toMatch(/^[\x20-\x7e…]+$/);
  expect(error.message).toContain('d/\\x1b[2J.txt:2: 3');
  expect(error.message.length).toBeLessThan(1000);
  expect(error.stack).not.toContain('\u001b');
  expect(error).toHaveProperty('file', file);
});

test('a value that cannot be a key is told with the verb and the record', () => {
  const error = toError({
    kind: 'serialization',
    message: 'key is an instance of Map',
    path: 'key',
    position: { index: 3 },
    of: { verb: 'countByKey', chunk: 1, preview: '[ Map(0) {}, 1 ]' },
  });
  expect(error.message).toBe('key is an instance of Map (countByKey, chunk 1 at record 3: [ Map(0) {}, 1 ])');
});
