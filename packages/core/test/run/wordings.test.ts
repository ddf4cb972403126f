import { describe, expect, it, test } from '@jest/globals';
import { JobError, TaskTimeoutError, WorkerCrashError } from '../../src/errors.js';
import { checkOptions } from '../../src/options/check-options.js';
import type { RunOptions } from '../../src/options/run-options.js';
import type { ChildDeath } from '../../src/pool/pool.js';
import type { Ending } from '../../src/run/ending.js';
import { bootError, lastError, loadError, type FailedTask } from '../../src/run/wordings.js';
import { crash, taskOf } from './fake-runner.js';

const poison = { record: 7, chunk: 3, index: 41, preview: "'bad'" };

function errorOf(given: Partial<FailedTask> & { ending: Ending }, options: RunOptions = {}): Error {
  return lastError({ task: taskOf(2), attempts: 3, poison: undefined, ...given }, checkOptions(options));
}

test('a death by a late error is not blamed on the chunk under way, which may be innocent of it', () => {
  const late = { error: new RangeError('too late') };
  const ending = { kind: 'died', phase: 'task', exitCode: 1, signal: null, late } as const;
  const error = errorOf({ ending, attempts: 1 });
  expect(error.message).toBe(
    'The child process died with exit code 1 while it worked on chunk 2; ' +
      'outside the task it met [RangeError: too late], which an earlier chunk may have left behind',
  );
  expect(error.cause).toBe(late.error);
});

describe('the error of a task that failed on every attempt', () => {
  it('tells the signal, the attempts and the chunk', () => {
    const error = errorOf({ ending: crash });
    expect(error).toBeInstanceOf(WorkerCrashError);
    expect(error.message).toBe(
      'The child process died with signal SIGSEGV on each of 3 attempts while it worked on chunk 2',
    );
    expect(error).toMatchObject({ chunk: 2, attempts: 3, exitCode: null, signal: 'SIGSEGV' });
  });

  it.each([
    [
      { signal: 'SIGKILL' },
      'killed from outside, probably by the system for want of memory: lower chunkBytes or processes',
    ],
    [{ signal: 'SIGABRT' }, 'aborted, by process.abort(), by native code or by V8'],
    [{ signal: 'SIGTRAP' }, 'aborted, by process.abort(), by native code or by V8'],
    [{ exitCode: 134, signal: null }, 'aborted, by process.abort(), by native code or by V8'],
  ])('says what may have ended the child, and what to do: %p', (end, words) => {
    const { message } = errorOf({ ending: { ...crash, ...end } }, { memoryLimit: 64 });
    expect(message).toContain(words);
    expect(message).not.toContain('out of memory');
  });

  it('speaks of memory where V8 did', () => {
    const ending = { ...crash, signal: 'SIGABRT' };
    const fatal = 'Allocation failed - JavaScript heap out of memory';
    expect(errorOf({ ending, fatal }, { memoryLimit: 64 }).message).toContain(
      `: out of memory (the limit is 64 MB): raise memoryLimit or lower chunkBytes or chunkSize; V8 said "${fatal}"`,
    );
    expect(errorOf({ ending, fatal: 'invalid size error' }).message).toContain(
      ': V8 gave up, and said "invalid size error"',
    );
  });

  it('names the record that kills its child, and the ways out', () => {
    const error = errorOf({ ending: crash, poison });
    expect(error.message).toBe(
      "A record kills its child process, even all alone (chunk 3 at record 41: 'bad'): " +
        "it died with signal SIGSEGV on each of 3 attempts; mend it, or leave it out with onError: 'skip'",
    );
    expect(error).toMatchObject({ chunk: 3, index: 41, preview: "'bad'", attempts: 3 });
    // The number of a record in its task is of no use to anybody.
    expect(error).not.toHaveProperty('record');
  });

  it('names the record that takes too long', () => {
    const error = errorOf({ ending: { kind: 'timeout' }, poison }, { timeout: 250 });
    expect(error).toBeInstanceOf(TaskTimeoutError);
    expect(error.message).toBe(
      'A record ran longer than 250 ms on each of 3 attempts, and again all alone ' +
        "(chunk 3 at record 41: 'bad'): raise timeout, or leave it out with onError: 'skip'",
    );
    expect(error).toMatchObject({ timeout: 250, chunk: 3, attempts: 3 });
  });

  it('says of a fold which results it was about, since it has no chunk of its own', () => {
    const fold = { partials: [], before: 8, isAll: false };
    const task = { ...taskOf(0), chunks: [], fold };
    const late = errorOf({ ending: { kind: 'timeout' }, task }, { timeout: 250 });
    expect(late.message).toMatch(
      /^The fold of the results from chunk 8 on ran longer than 250 ms on each of 3/,
    );
    const died = errorOf({ ending: crash, task });
    expect(died.message).toMatch(/while it worked on the fold of the results from chunk 8 on$/);
    expect(died).toHaveProperty('chunk', 8);
  });
});

describe('the error of a child that does not start', () => {
  const death: ChildDeath = { kind: 'died', phase: 'boot', exitCode: 9, signal: null };

  it('has the words of the child, or what it met', () => {
    expect(bootError(death, 'node: bad option: --wrong', 3).message).toBe(
      'The child process died while it started, with exit code 9, 3 times in a row: node: bad option: --wrong',
    );
    const late = { error: new Error('no memory') };
    const error = bootError({ ...death, phase: 'load', late }, '', 3);
    expect(error.message).toBe(
      "The child process died while it loaded the modules of the run's jobs, with exit code 9, " +
        '3 times in a row: [Error: no memory]',
    );
    expect(error).toBeInstanceOf(WorkerCrashError);
    expect(error.cause).toBe(late.error);
  });

  it('tells how long it was waited for', () => {
    const error = bootError({ ...death, exitCode: null, signal: 'SIGKILL', deadline: 1500 }, '', 1);
    expect(error.message).toBe('The child process did not start within 1.5 s, and was killed');
  });

  it('tells which modules were being loaded', () => {
    const error = loadError(['file:///a.mjs', 'file:///b.mjs'], 60_000);
    expect(error).toBeInstanceOf(JobError);
    expect(error.message).toMatch(
      /^file:\/\/\/a\.mjs, file:\/\/\/b\.mjs did not finish loading within 60 s in the child/,
    );
  });
});
