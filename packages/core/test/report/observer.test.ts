import { expect, it } from '@jest/globals';
import { observers, type RunObserver } from '../../src/report/observer.js';
import { attemptEvents, message, stageEvent, taskEvent } from './events.js';

const stage = stageEvent();
const [attempt] = attemptEvents(message(0));
const task = taskEvent(1);
const disk = { kind: 'removed', bytes: 5 } as const;

/** Notes what it is told of, under a name. */
function noting(name: string, told: unknown[][]): RunObserver {
  return {
    stage: (event) => void told.push([name, event]),
    attempt: (event) => void told.push([name, event]),
    task: (event) => void told.push([name, event]),
    disk: (event) => void told.push([name, event]),
    end: (event) => void told.push([name, event]),
  };
}

it('several observers are told of everything in their order, and each of what it listens to', async () => {
  const told: unknown[][] = [];
  const { end, ...deaf } = noting('b', told);
  const all = observers([noting('a', told), {}, { end: end! }, noting('c', told)]);
  expect(Object.keys(deaf)).toHaveLength(4);
  all.stage(stage);
  all.attempt(attempt!);
  all.task(task);
  all.disk(disk);
  await all.end({});
  expect(told).toEqual([
    ...[stage, attempt, task, disk].flatMap((event) => [
      ['a', event],
      ['c', event],
    ]),
    ['a', {}],
    ['b', {}],
    ['c', {}],
  ]);
});

it('the end of one is awaited before the next is told', async () => {
  const told: string[] = [];
  let settle = (): void => undefined;
  const slow = new Promise<void>((resolve) => (settle = resolve));
  const all = observers([
    { end: async () => slow.then(() => void told.push('slow')) },
    { end: () => void told.push('next') },
  ]);
  const ended = all.end({});
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual([]);
  settle();
  await ended;
  expect(told).toEqual(['slow', 'next']);
});

it('what an observer throws is thrown', () => {
  const error = new Error('bad');
  const all = observers([
    {
      task() {
        throw error;
      },
    },
  ]);
  expect(() => all.task(task)).toThrow(error);
});
