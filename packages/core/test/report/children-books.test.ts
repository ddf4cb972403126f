import { expect, it } from '@jest/globals';
import { ChildrenBooks } from '../../src/report/children-books.js';
import { crash } from '../run/fake-runner.js';
import { message, usageOutcome } from './events.js';

/** An attempt on a slot, in seconds. */
const attempt = (
  books: ChildrenBooks,
  slot: number,
  [from, to]: readonly [number, number],
  outcome = usageOutcome({ pid: 1 }),
): void => {
  const begun = { task: message(0), slot, started: from * 1000 };
  books.attempt(begun);
  books.attempt({ ...begun, ended: to * 1000, outcome });
};

it('sums up what children did, and takes the rest of their time for idle', () => {
  const books = new ChildrenBooks();
  const usage = { pid: 7, serializeSeconds: 0.5, gcSeconds: 0.25 };
  attempt(books, 0, [1, 3], usageOutcome(usage, { seconds: 1, rss: 300 }));
  attempt(books, 0, [4, 6], usageOutcome(usage, { seconds: 2, rss: 200 }));
  attempt(books, 1, [1, 2], usageOutcome({ pid: 8 }, { seconds: 0.5, rss: 100 }));
  expect(books.report(11_000)).toEqual([
    { pid: 7, tasks: 2, busySeconds: 3, idleSeconds: 7, serializeSeconds: 1, gcSeconds: 0.5, peakBytes: 300 },
    {
      pid: 8,
      tasks: 1,
      busySeconds: 0.5,
      idleSeconds: 9.5,
      serializeSeconds: 0,
      gcSeconds: 0,
      peakBytes: 100,
    },
  ]);
  // The second attempt took 2 s, 0.5 s of them for results; the first one waited for the child's start.
  expect(books.movingShare).toBeCloseTo(0.25);
});

it('ends the time of a child that has died or was replaced', () => {
  const books = new ChildrenBooks();
  attempt(books, 0, [0, 2], usageOutcome({ pid: 1 }, { seconds: 2 }));
  attempt(books, 0, [2, 5], crash);
  attempt(books, 0, [6, 8], usageOutcome({ pid: 2 }, { seconds: 1 }));
  attempt(books, 0, [9, 10], usageOutcome({ pid: 3 }, { seconds: 1 }));
  expect(books.report(20_000).map(({ pid, idleSeconds }) => [pid, idleSeconds])).toEqual([
    [1, 3],
    [2, 2],
    [3, 10],
  ]);
});

it('knows nobody who has told nothing', () => {
  const books = new ChildrenBooks();
  attempt(books, 0, [0, 2], crash);
  expect([books.report(3000), books.movingShare, books.count]).toEqual([[], 0, 0]);
});
