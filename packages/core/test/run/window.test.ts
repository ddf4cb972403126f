import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Window } from '../../src/run/window.js';

const MEBIBYTE = 2 ** 20;

describe('a window', () => {
  it('gives results in the order of their tasks, each once it is its turn', () => {
    const window = new Window<string>({ size: 10, slots: 4, ordered: true });
    const numbers = [window.start(), window.start(), window.start()];
    expect(numbers).toEqual([0, 1, 2]);
    window.put(1, 'b', 0);
    window.end();
    expect(window.take()).toBeUndefined();
    window.put(0, 'a', 0);
    window.end();
    expect(window.turn).toBe(0);
    expect([window.take(), window.take(), window.take()]).toEqual(['a', 'b', undefined]);
    expect(window.turn).toBe(2);
    expect(window.isEmpty).toBe(false);
    window.put(2, 'c', 0);
    window.end();
    expect(window.take()).toBe('c');
    expect(window.isEmpty).toBe(true);
  });

  it('gives them as they come where there is no order', () => {
    const window = new Window<string>({ size: 10, slots: 4, ordered: false });
    for (let i = 0; i < 3; i += 1) window.start();
    window.put(2, 'c', 0);
    window.put(0, 'a', 0);
    expect([window.take(), window.take(), window.take()]).toEqual(['c', 'a', undefined]);
  });

  it('has room for two tasks a slot, one for each to work on and one to follow, and for two without slots', () => {
    for (const [slots, most] of [
      [0, 2],
      [1, 2],
      [3, 6],
    ] as const) {
      const window = new Window<string>({ size: 100, slots, ordered: true });
      while (window.hasRoom) window.start();
      // How long tasks are to be is not known before the first result.
      expect(window.underWay).toBe(most / 2);
      window.put(0, 'first', 0);
      while (window.hasRoom) window.start();
      expect(window.underWay).toBe(most);
      window.end();
      expect(window.hasRoom).toBe(true);
    }
  });

  it('lets no task start that is further ahead of what was taken than its size', () => {
    const window = new Window<number>({ size: 3, slots: 4, ordered: true });
    while (window.hasRoom) window.put(window.start(), 0, 0);
    expect(window.started).toBe(3);
    window.take();
    expect(window.hasRoom).toBe(true);
  });

  it('lets no task start while results that wait hold 64 MiB, until some were taken', () => {
    const window = new Window<string>({ size: 1000, slots: 4, ordered: true });
    for (let i = 0; i < 4; i += 1) window.start();
    for (const task of [1, 2, 3]) {
      window.put(task, 'much', task < 3 ? 22 * MEBIBYTE : 20 * MEBIBYTE - 1);
      window.end();
      expect(window.hasRoom).toBe(true);
    }
    window.start();
    window.put(4, 'more', 1);
    window.end();
    expect(window.hasRoom).toBe(false);
    window.put(0, 'first', 0);
    window.end();
    expect(window.take()).toBe('first');
    expect(window.hasRoom).toBe(false);
    expect(window.take()).toBe('much');
    expect(window.hasRoom).toBe(true);
  });

  it('never lets a run stand still, and gives every result once, whatever the order in which tasks end', () => {
    const run = fc.record({
      size: fc.integer({ min: 1, max: 20 }),
      slots: fc.nat({ max: 4 }),
      ordered: fc.boolean(),
      tasks: fc.array(fc.record({ place: fc.nat(), megabytes: fc.nat({ max: 80 }) }), { maxLength: 60 }),
    });
    fc.assert(
      fc.property(run, ({ tasks, ...options }) => {
        const window = new Window<number>(options);
        const underWay: number[] = [];
        const taken: number[] = [];
        while (taken.length < tasks.length) {
          while (window.started < tasks.length && window.hasRoom) underWay.push(window.start());
          const isRight =
            window.underWay === underWay.length &&
            underWay.length <= Math.max(1, options.slots) * 2 &&
            window.started - taken.length <= options.size;
          if (!isRight) throw new Error(`Wrong after ${taken.length} results`);
          const result = window.take();
          if (result !== undefined) {
            taken.push(result);
            continue;
          }
          // Nothing to take and nothing under way would be the end of all progress.
          if (underWay.length === 0) throw new Error(`It stands still after ${taken.length} results`);
          const { place, megabytes } = tasks[taken.length]!;
          const [ended] = underWay.splice(place % underWay.length, 1);
          window.put(ended!, ended!, megabytes * MEBIBYTE);
          window.end();
        }
        expect(window.isEmpty).toBe(true);
        const all = tasks.map((_, i) => i);
        expect(options.ordered ? taken : taken.toSorted((a, b) => a - b)).toEqual(all);
      }),
    );
  });
});
