import { describe, expect, it } from '@jest/globals';
import { from, OptionError, range, TaskError, type RunOptions } from '@forkfold/core';
import { caught, harness } from './harness.js';

const shared = harness();
const left = from<[string, number]>([['a', 1], ['b', 2], ['a', 3], ['c', 4], ['b', 5]]); // prettier-ignore
const list = from<[string, string]>([['b', 'x'], ['a', 'y'], ['b', 'z'], ['d', 'w']]); // prettier-ignore
// Behind a verb: a list in memory that stands right before a join would be looked up instead of shuffled.
const right = list.filter(() => true);
const sorted = (pairs: readonly unknown[]): string[] => pairs.map((pair) => JSON.stringify(pair)).sort();

describe.each([0, 1, 2])('in %d processes', (processes) => {
  const options = (more: RunOptions = {}): RunOptions => shared.options(processes, { chunkSize: 2, ...more });

  it('semiJoin keeps pairs of keys that the other side has, each once', async () => {
    for (const budget of [undefined, 1]) {
      shared.budget = budget;
      const found = await left.semiJoin(right).toArray().run(options());
      expect(sorted(found)).toEqual(sorted([['a', 1], ['a', 3], ['b', 2], ['b', 5]])); // prettier-ignore
      expect(found.filter(([key]) => key === 'b')).toEqual([['b', 2], ['b', 5]]); // prettier-ignore
    }
    shared.budget = undefined;
    const none = from<[string, number]>([]);
    for (const empty of [none, none.filter(() => true)]) {
      expect(await left.semiJoin(empty).toArray().run(options())).toEqual([]);
    }
    expect(await left.semiJoin(list).toArray().run(options())).toEqual([['a', 1], ['b', 2], ['a', 3], ['b', 5]]); // prettier-ignore
  });

  it('antiJoin keeps the others', async () => {
    const none = from<[string, number]>([]);
    for (const [side, empty] of [
      [list, none],
      [right, none.filter(() => true)],
    ] as const) {
      expect(await left.antiJoin(side).toArray().run(options())).toEqual([['c', 4]]);
      expect(await left.antiJoin(empty).count().run(options())).toBe(5);
      expect(
        await empty
          .antiJoin(left.filter(() => true))
          .toArray()
          .run(options()),
      ).toEqual([]);
    }
  });

  it('broadcastJoin joins with a side of any iterable, in the order of the records', async () => {
    const side = new Map([['b', 'x'], ['a', 'y']]); // prettier-ignore
    const expected = [['a', [1, 'y']], ['b', [2, 'x']], ['a', [3, 'y']], ['b', [5, 'x']]]; // prettier-ignore
    expect(await left.broadcastJoin(side).toArray().run(options())).toEqual(expected);
    expect(await left.broadcastJoin(side.entries()).toArray().run(options())).toEqual(expected);
    const keys = from<[unknown, number]>([[1, 1], ['1', 2], [null, 3], [new Date(7), 4], [NaN, 5], [0, 6], [2n, 7]]); // prettier-ignore
    const many: [unknown, string][] = [['1', 'a'], [null, 'b'], [new Date(7), 'c'], [NaN, 'd'], [-0, 'e'], [2n, 'f'], ['1', 'g']]; // prettier-ignore
    const joined = await keys.broadcastJoin(many).map(([, [n, text]]) => `${n}${text}`).toArray().run(options()); // prettier-ignore
    expect(joined).toEqual(['2a', '2g', '3b', '4c', '5d', '6e', '7f']);
    const error = await caught(from<[unknown, number]>([[{}, 1]]).broadcastJoin(many).count().run(options())); // prettier-ignore
    expect(error).toBeInstanceOf(TaskError);
    expect((error as TaskError).message).toContain('broadcastJoin takes texts, numbers');
  });

  it('limit gives the first records to further verbs', async () => {
    for (const n of [0, 1, 5, 7, 20, 100]) {
      const limited = range(20).filter((x) => x % 3 > 0).limit(n).map((x) => x * 10); // prettier-ignore
      const all = Array.from({ length: 20 }, (_, x) => x).filter((x) => x % 3 > 0);
      expect(await limited.toArray().run(options())).toEqual(all.slice(0, n).map((x) => x * 10));
    }
  });

  it('limit stops early right before an action that collects', async () => {
    const endless = from(function* () {
      for (let n = 0; ; n += 1) yield n;
    });
    const even = endless.filter((n) => n % 2 === 0);
    expect(await even.limit(3).toArray().run(options())).toEqual([0, 2, 4]);
    expect(await even.limit(5).limit(9).limit(4).toArray().run(options())).toEqual([0, 2, 4, 6]); // prettier-ignore
    expect(await even.limit(3).take(9).run(options())).toEqual([0, 2, 4]);
    expect(await even.limit(3).take(2).run(options())).toEqual([0, 2]);
    expect(await even.limit(2).first().run(options())).toBe(0);
    expect(await even.limit(0).first().run(options())).toBeUndefined();
    expect(await even.map((n): [number, string] => [n, 'x']).limit(2).toMap().run(options())).toEqual(new Map([[0, 'x'], [2, 'x']])); // prettier-ignore
    const seen: number[] = [];
    await even.limit(2).forEach((n) => seen.push(n)).run(options()); // prettier-ignore
    expect(seen).toEqual([0, 2]);
    const { stages } = await range(10).limit(3).toArray().explain(options());
    expect(stages.map(({ sink }) => sink)).toEqual(['collect(first 3)']);
    expect(await range(10).limit(3).count().run(options())).toBe(3);
  });

  it('batches makes arrays of a chunk’s records', async () => {
    expect(await range(7).batches(2).toArray().run(options({ chunkSize: 5 }))).toEqual([[0, 1], [2, 3], [4], [5, 6]]); // prettier-ignore
    expect(await range(0).batches(2).toArray().run(options())).toEqual([]);
  });

  it('batches are whole where the records of a chunk are counted, but for the last one', async () => {
    const inFours = [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9],
    ];
    const numbers = inFours.flat();
    for (const source of [range(10), from(numbers), from(new Set(numbers)), from(() => numbers.values())]) {
      expect(await source.batches(4).toArray().run(shared.options(processes))).toEqual(inFours);
      const behind = source.map((n) => n + 1).mapAsync(async (n) => n).batches(4); // prettier-ignore
      expect(await behind.map((batch) => batch.length).toArray().run(shared.options(processes))).toEqual([4, 4, 2]); // prettier-ignore
    }
    const halves = range(3000).filter((n) => n % 2 === 0).batches(4); // prettier-ignore
    expect((await halves.toArray().run(shared.options(processes))).flat()).toHaveLength(1500);
    expect(await range(3000).batches(700).map((batch) => batch.length).toArray().run(shared.options(processes))).toEqual([700, 700, 700, 700, 200]); // prettier-ignore
  });
});

it.each([
  [() => left.broadcastJoin(5 as never), 'Expected "side" to be an iterable of pairs of a key (text, number, bigint, boolean, Date) and a value, such as a Map, got 5'],
  [() => left.broadcastJoin([1] as never), 'Expected "side" to be an iterable of pairs'],
  [() => left.broadcastJoin('ab' as never), 'Expected "side" to be an iterable of pairs'],
  [() => left.broadcastJoin([[{}, 1]] as never), 'Expected "side" to be an iterable of pairs'],
  [() => left.limit(-1), 'Expected "n" to be an integer of at least 0'],
  [() => left.batches(0), 'Expected "n" to be an integer of at least 1'],
  [() => left.semiJoin([['a', 1]] as never), 'given datasets, such as from([...])'],
])('refuses wrong arguments at the call', (call, message) => {
  expect(call).toThrow(OptionError);
  expect(call).toThrow(message);
}); // prettier-ignore
