import { expect, it } from '@jest/globals';
import { SourceError, TaskError, TaskTimeoutError, WorkerCrashError } from '../src/errors.js';

const unknown = { index: undefined, file: undefined, line: undefined, byte: undefined, preview: undefined };
/** What no error is to take over. */
const others = { ordinal: 3, name: 'other', message: 'another', code: 'OTHER' };

it.each<[string, Error, object]>([
  [
    'a source',
    new SourceError('text', { file: 'a.txt', line: 2, index: 7, ...others }),
    { name: 'SourceError', code: 'ERR_FORKFOLD_SOURCE', file: 'a.txt', line: 2, byte: undefined },
  ],
  [
    'a source without a place',
    new SourceError('text'),
    { name: 'SourceError', code: 'ERR_FORKFOLD_SOURCE', file: undefined, line: undefined, byte: undefined },
  ],
  [
    'a task',
    new TaskError('text', { verb: 'map', chunk: 1, index: 7, ...others }),
    { ...unknown, name: 'TaskError', code: 'ERR_FORKFOLD_TASK', verb: 'map', chunk: 1, index: 7 },
  ],
  [
    'a crash',
    new WorkerCrashError('text', { attempts: 3, exitCode: null, signal: 'SIGKILL', preview: 'x', ...others }),
    {
      ...{ ...unknown, preview: 'x', name: 'WorkerCrashError', code: 'ERR_FORKFOLD_WORKER_CRASH' },
      ...{ attempts: 3, chunk: undefined, exitCode: null, signal: 'SIGKILL' },
    },
  ],
  [
    'a timeout',
    new TaskTimeoutError('text', { attempts: 1, chunk: 4, timeout: 50, ...others }),
    {
      ...{ ...unknown, name: 'TaskTimeoutError', code: 'ERR_FORKFOLD_TASK_TIMEOUT' },
      ...{ attempts: 1, chunk: 4, timeout: 50 },
    },
  ],
])('the error of %s has its own fields, known or not, and no others', (_, error, fields) => {
  expect(error.message).toBe('text');
  expect(Object.assign({}, error)).toStrictEqual(fields);
});

it('an error keeps its cause', () => {
  const cause = new Error('why');
  expect(new SourceError('text', {}, { cause }).cause).toBe(cause);
  expect(new TaskError('text', { verb: 'map', chunk: 0 }, { cause }).cause).toBe(cause);
});
