import { expect, it } from '@jest/globals';
import { debugObserver } from '../../src/report/debug-observer.js';
import { observers } from '../../src/report/observer.js';
import { attemptEvents, message, stageEvent, taskEvent } from './events.js';

function told(wanted: string): string[] {
  const lines: string[] = [];
  const observer = observers([debugObserver(wanted, (line) => lines.push(line.replace(/\+\d+ ms/, '+')))!]);
  observer.stage(stageEvent());
  for (const event of attemptEvents(message(3))) observer.attempt(event);
  const died = { kind: 'died', phase: 'task', exitCode: null, signal: 'SIGKILL' } as const;
  observer.attempt(attemptEvents(message(3, 1), died)[1]!);
  observer.task(taskEvent(7, { skipped: 2 }));
  observer.disk({ kind: 'removed', bytes: 5 });
  void observer.end({ error: { thrown: new Error('no') } });
  return lines;
}

it('tells what the scheduler does, a line for each step', () => {
  expect(told('scheduler')).toEqual([
    'forkfold:scheduler + stage 1 of 1 begins: 4 chunks into count, 2 children\n',
    'forkfold:scheduler + task 0-3-0 (chunk 3) starts on slot 0\n',
    'forkfold:scheduler + task 0-3-0 (chunk 3) on slot 0 is done after 1 ms\n',
    'forkfold:scheduler + task 0-3-1 (chunk 3) on slot 0 has lost its child (SIGKILL, task) after 1 ms\n',
    'forkfold:scheduler + the run fails: Error: no\n',
  ]);
});

it('tells only what is asked for, and all of it by one word', () => {
  expect(told('results, disk')).toEqual([
    'forkfold:results + a result of 1 chunks, 7 records; 2 records skipped so far\n',
    'forkfold:disk + 5 bytes removed\n',
  ]);
  expect(told('all')).toHaveLength(7);
  expect(told('*')).toHaveLength(7);
});

it.each(['', ' '])('is not there where the variable is %j', (wanted) => {
  expect(debugObserver(wanted)).toBeUndefined();
});

it('says that it does not know a word', () => {
  expect(told('shceduler')).toEqual([
    'forkfold: FORKFOLD_DEBUG knows no "shceduler": did you mean "scheduler"?\n',
  ]);
});
