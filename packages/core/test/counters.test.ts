import { expect, it } from '@jest/globals';
import { counter, countingIn, Counts, isCounter, taskCounts } from '../src/counters.js';

it('sums up by name, in the order of the first mention', () => {
  const counts = new Counts();
  expect(counts.values()).toBeUndefined();
  counts.add('b', 1);
  counts.addAll({ a: 2, b: 3, ['__proto__']: 1 });
  counts.addAll(undefined);
  expect(Object.entries(counts.values()!)).toEqual([
    ['b', 4],
    ['a', 2],
    ['__proto__', 1],
  ]);
});

it('counts where the caller is: in its task, else in the function of its run, else nowhere', () => {
  const [task, run] = [new Counts(), new Counts()];
  counter('n').add(100);
  countingIn(run, () => {
    counter('n').add();
    taskCounts.run(task, () => counter('n').add(5));
    counter('n').add(-3);
  });
  counter('n').add(100);
  expect([task.values(), run.values()]).toEqual([{ n: 5 }, { n: -2 }]);
});

it('counts in a function of its run until that has settled, also beside that of another run', async () => {
  const [one, other] = [new Counts(), new Counts()];
  const waiting = async (counts: Counts): Promise<void> =>
    countingIn(counts, async () => {
      await Promise.resolve();
      counter('n').add(counts === one ? 1 : 2);
    });
  await Promise.all([waiting(one), waiting(other)]);
  const failing = countingIn(one, async () => Promise.reject(new Error('bad')));
  await expect(failing).rejects.toThrow('bad');
  expect(() =>
    countingIn(one, () => {
      throw new Error('bad');
    }),
  ).toThrow('bad');
  counter('n').add(100);
  expect([one.values(), other.values()]).toEqual([{ n: 1 }, { n: 2 }]);
});

it.each(['1', Number.NaN, Infinity, 1n, null])('refuses %p', (n) => {
  expect(() => counter('rows').add(n as number)).toThrow(
    `Expected counter('rows').add to be given a finite number, got ${String(n)}`,
  );
});

it('is known from any other function', () => {
  expect([counter, () => undefined, {}, undefined].map(isCounter)).toEqual([true, false, false, false]);
});
