import { expect, test } from '@jest/globals';
import { encode, encodeThrown } from '@forkfold/core/engine';
import { EngineError } from '../../src/engine-error.js';
import { explain } from '../../src/engine/explain.js';
import { failureLine } from '../../src/runner/failure-line.js';
import { failureVersions, type RunFailure } from '../../src/ship/run-failure.js';

const runner = {
  name: 'runner.mjs',
  places: { inStack: (stack: string) => stack.replaceAll(/runner\.mjs:\d+:\d+/g, 'job.ts:7:3') },
};
const explained = (text: string): any =>
  explain(new EngineError('Job aborted', { chain: ['Job aborted', text] }), runner);
const told = (failure: RunFailure): any => {
  const line = failureLine(failureVersions(failure));
  return explained(`Subprocess exited with status 70. Error: ${line.repeat(2)}`);
};

test('what a process has told is the error that core makes of it, at the user’s own place', () => {
  const thrown = new RangeError('no 77');
  thrown.stack = 'RangeError: no 77\n    at file:///x/runner.mjs:10:20';
  const failure: RunFailure = {
    kind: 'task',
    verb: 'map',
    chunk: 3,
    position: { index: 77 },
    preview: '77',
    thrown: encodeThrown(thrown),
  };
  const error = told(failure);
  expect(error).toMatchObject({ name: 'TaskError', verb: 'map', chunk: 3, index: 77 });
  expect(error.stack).toContain('job.ts:7:3');
  expect(error.cause.stack).toContain('job.ts:7:3');
});

test('a failure that is too long for Spark loses frames and causes, not its name', () => {
  const noise = (length: number): string =>
    Array.from({ length }, (_, n) => ((n * 7919 + 13) % 1_000_003).toString(36)).join(' ');
  const thrown = new TypeError(noise(3000), { cause: new Error(noise(3000)) });
  const failure: RunFailure = {
    kind: 'task',
    verb: 'map',
    chunk: 0,
    position: {},
    preview: noise(50),
    thrown: encodeThrown(thrown),
  };
  const error = told(failure);
  expect(error).toMatchObject({ name: 'TaskError', verb: 'map' });
  expect(error.message).toMatch(/^map threw TypeError: /);
  expect(error.stack).toMatch(/explain\.test\.ts:\d+/);
});

test('what a place lacks is an EngineError', () => {
  expect(told({ kind: 'place', message: 'Node.js is old' })).toMatchObject({
    name: 'EngineError',
    message: 'Node.js is old',
  });
});

test.each([
  'ENOENT',
  'x.txt has vanished since the run began: do not change the input',
  'x.txt has been replaced by another file since the run began',
  'x.txt has shrunk since the run began, from 9 bytes',
])('a file that only this machine sees says so: %s', (message) => {
  const failure: RunFailure = {
    kind: 'source',
    message,
    position: { file: 'x.txt' },
    path: '',
  };
  expect(told(failure)).toMatchObject({
    name: 'SourceError',
    file: 'x.txt',
    message: expect.stringContaining('a disk that they share'),
  });
});

test.each([
  ['Subprocess exited with status 137. Error: ', { signal: 'SIGKILL', exitCode: null }],
  [
    'Task 0 failed 4 times: Subprocess exited with status 134. Error: abort',
    { signal: 'SIGABRT', attempts: 4 },
  ],
  ['Subprocess exited with status 7. Error: bye', { exitCode: 7, signal: null }],
  ['status 72. Error: forkfold: the process was ended with code 0 before its work was done', undefined],
  [
    'Subprocess exited with status 72. Error: forkfold: the process was ended with code 0 before its work was done',
    { exitCode: 0 },
  ],
  ['java.io.IOException: Broken pipe', { exitCode: null, signal: null }],
])('%s', (text, details) => {
  if (details === undefined) expect(explained(text).name).toBe('EngineError');
  else expect(explained(text)).toMatchObject({ name: 'WorkerCrashError', ...details });
});

test('anything else stays what it was', () => {
  const error = new Error('mine');
  expect(explain(error, runner)).toBe(error);
  expect(encode(1, 'x')).toBeInstanceOf(Uint8Array);
});
