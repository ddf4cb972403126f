import { describe, expect, it } from '@jest/globals';
import { supplyEach, supplyOf, type Supply } from '../../src/run/supply.js';

/** All items, and how many of them were there at once. */
async function drained<T>(supply: Supply<T>): Promise<{ items: T[]; atOnce: number }> {
  const items: T[] = [];
  let atOnce = 0;
  for (;;) {
    const next = supply.next();
    const step = await next;
    if (step.done === true) return { items, atOnce };
    items.push(step.value);
    if (!(next instanceof Promise)) atOnce += 1;
  }
}

async function* later<T>(items: Iterable<T>): AsyncGenerator<T> {
  for (const item of items) yield Promise.resolve(item);
}

/** An iterable that notes what is asked of it, and fails at an item. */
function watched(length: number, failsAt = Infinity) {
  const calls = { opened: 0, returned: 0 };
  const iterable = {
    [Symbol.iterator](): Iterator<number> {
      calls.opened += 1;
      let at = 0;
      return {
        next() {
          if (at === failsAt) throw new Error(`item ${at} failed`);
          return at < length ? { done: false, value: at++ } : { done: true, value: undefined };
        },
        return() {
          calls.returned += 1;
          return { done: true, value: undefined };
        },
      };
    },
  };
  return { iterable, calls };
}

const open = (...parts: (Iterable<number> | AsyncIterable<number>)[]): Supply<{ of: number; item: number }> =>
  supplyOf(parts.length, (i) => parts[i]!);

describe('supplyOf', () => {
  it('gives the items of one iterable after the other, at once where they are there', async () => {
    const { items, atOnce } = await drained(open([1, 2], [], later([3, 4]), new Set([5]), later([])));
    expect(items.map(({ of, item }) => [of, item])).toEqual([
      [0, 1],
      [0, 2],
      [2, 3],
      [2, 4],
      [3, 5],
    ]);
    // The end of what comes later is waited for, and with it the next item.
    expect(atOnce).toBe(2);
    expect(await drained(open())).toEqual({ items: [], atOnce: 0 });
  });

  it('opens none before its turn, and returns the one that is open, once', async () => {
    const [first, second] = [watched(1), watched(3)];
    const supply = open(first.iterable, second.iterable);
    await supply.next();
    expect(second.calls.opened).toBe(0);
    await supply.next();
    await supply.return();
    await supply.return();
    expect([first.calls, second.calls]).toEqual([
      { opened: 1, returned: 0 },
      { opened: 1, returned: 1 },
    ]);
    expect(await supply.next()).toEqual({ done: true, value: undefined });
  });

  it('does not return what has failed or ended', async () => {
    const torn = watched(3, 1);
    const supply = open(torn.iterable);
    await supply.next();
    expect(() => supply.next()).toThrow('item 1 failed');
    await supply.return();
    expect(torn.calls.returned).toBe(0);
    const whole = watched(1);
    const ended = open(whole.iterable);
    await drained(ended);
    await ended.return();
    expect(whole.calls.returned).toBe(0);
  });

  it('passes on what rejects, and is over then', async () => {
    async function* torn(): AsyncGenerator<number> {
      yield Promise.resolve(1);
      throw new Error('torn');
    }
    const supply = open(torn(), [2]);
    await supply.next();
    await expect(supply.next()).rejects.toThrow('torn');
    expect(await supply.next()).toEqual({ done: true, value: undefined });
  });

  it('returns a source at once that never gives the item under way', async () => {
    let returned = 0;
    const waiting = {
      [Symbol.asyncIterator]: () => ({
        next: async () => new Promise<never>(() => undefined),
        return: async () => Promise.resolve({ done: true as const, value: ++returned }),
      }),
    };
    const supply = open(waiting);
    void supply.next();
    await supply.return();
    expect(returned).toBe(1);
  });
});

describe('supplyEach', () => {
  it('gives none, one or several for each item, in order', async () => {
    for (const parts of [[1, 0, 3], later([1, 0, 3])]) {
      const supply = supplyEach(open(parts), ({ item }) => new Array<number>(item).fill(item));
      expect((await drained(supply)).items).toEqual([1, 3, 3, 3]);
    }
  });

  it('returns what it is made of', async () => {
    const { iterable, calls } = watched(3);
    const supply = supplyEach(open(iterable), ({ item }) => [item]);
    await supply.next();
    await supply.return();
    expect(calls.returned).toBe(1);
  });
});
