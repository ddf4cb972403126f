import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  from,
  mapReduce,
  max,
  mean,
  range,
  sum,
  topN,
  variance,
  type Dataset,
  type Plan,
} from '@forkfold/core';
import { expectSame } from '../values/expect-same.js';
import { harness } from './harness.js';

const shared = harness();

/** The answer of one process, to compare with: as plain as it can be written. */
function grouped<K, V>(pairs: Iterable<readonly [K, V]>): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const [key, value] of pairs) groups.set(key, [...(groups.get(key) ?? []), value]);
  return groups;
}

const byKey = (a: readonly [unknown, ...unknown[]], b: readonly [unknown, ...unknown[]]): number =>
  Number(a[0]) - Number(b[0]);

interface Item {
  readonly n: number;
  /** A file that the first child to see it makes, and dies. */
  readonly marker: string | undefined;
}

/** The numbers, from children of which one dies at one of them, once. */
function mortal(items: readonly Item[]): Dataset<number> {
  return from(items).mapAsync(async ({ n, marker }) => {
    if (marker !== undefined) {
      const { existsSync, writeFileSync } = await import('node:fs');
      if (!existsSync(marker)) {
        writeFileSync(marker, '');
        process.kill(process.pid, 'SIGKILL');
        await new Promise(() => undefined);
      }
    }
    return n;
  });
}

const numbers = fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 60 });
const chunkSize = fc.integer({ min: 1, max: 70 });
const processes = fc.constantFrom(0, 1, 2);

describe('a run equals the sequential one', () => {
  it('for every narrow verb and action', async () => {
    await fc.assert(
      fc.asyncProperty(numbers, chunkSize, processes, fc.nat(70), async (list, size, count, n) => {
        const options = shared.options(count, { chunkSize: size });
        const source = from(list);
        const mapped = list.map((x) => x * 2).filter((x) => x % 3 !== 0).flatMap((x) => (x > 20 ? [x, -x] : [x])); // prettier-ignore
        const data = source.map((x) => x * 2).filter((x) => x % 3 !== 0).flatMap((x) => (x > 20 ? [x, -x] : [x])); // prettier-ignore
        expect(await data.toArray().run(options)).toEqual(mapped);
        expect(await data.count().run(options)).toBe(mapped.length);
        expect(await data.take(n).run(options)).toEqual(mapped.slice(0, n));
        expect(await data.first().run(options)).toBe(mapped[0]);
        const ranked = mapped.map((x, i) => ({ x, i })).sort((a, b) => b.x % 7 - a.x % 7 || a.i - b.i); // prettier-ignore
        expect(await data.top(n + 1, (x) => x % 7).run(options)).toEqual(ranked.slice(0, n + 1).map(({ x }) => x)); // prettier-ignore
        const texts = data.map((x) => `${x};`);
        const joined = mapped.map((x) => `${x};`).join('');
        // Associative, not commutative.
        expect(await texts.reduce((a, b) => a + b, '').run(options)).toBe(joined);
        const seen: number[] = [];
        await data.forEach((x) => seen.push(x)).run(options);
        expect(seen).toEqual(mapped);
        expect(await source.union(data).toArray().run(options)).toEqual([...list, ...mapped]);
        expect(await source.mapAsync(async (x) => Promise.resolve(x + 1), { concurrency: 3 }).toArray().run(options)).toEqual(list.map((x) => x + 1)); // prettier-ignore
      }),
      { numRuns: 25 },
    );
  });

  it('for every keyed verb', async () => {
    await fc.assert(
      fc.asyncProperty(
        numbers,
        numbers,
        chunkSize,
        processes,
        fc.integer({ min: 1, max: 9 }),
        async (left, right, size, count, partitions) => {
          // prettier-ignore
          const options = shared.options(count, { chunkSize: size, partitions });
          const pairsOf = (list: number[]): [number, string][] =>
            list.map((n) => [((n % 5) + 5) % 5, `${n} `]);
          const [pairs, others] = [pairsOf(left), pairsOf(right)];
          const [groups, otherGroups] = [grouped(pairs), grouped(others)];
          const data = from(pairs);
          const sorted = async <T extends readonly [unknown, ...unknown[]]>(plan: Plan<T[]>): Promise<T[]> =>
            (await plan.run(options)).sort(byKey);
          const entries = [...groups].sort(byKey);
          // Not commutative: values are folded in input order.
          expect(await sorted(data.reduceByKey((a, b) => a + b).toArray())).toEqual(entries.map(([k, v]) => [k, v.join('')])); // prettier-ignore
          expect(await sorted(data.groupByKey().map(([k, v]) => [k, [...v]] as const).toArray())).toEqual(entries); // prettier-ignore
          expect(await sorted(data.countByKey().toArray())).toEqual(entries.map(([k, v]) => [k, v.length]));
          const concat = {
            zero: () => '',
            add: (a: string, b: string) => a + b,
            merge: (a: string, b: string) => a + b,
            finish: (a: string) => a.length,
          };
          expect(await sorted(data.aggregateByKey(concat).toArray())).toEqual(entries.map(([k, v]) => [k, v.join('').length])); // prettier-ignore
          expect((await from(left).distinct((n) => n % 7).toArray().run(options)).sort()).toEqual([...new Map(left.toReversed().map((n) => [n % 7 === 0 ? 0 : n % 7, n])).values()].sort()); // prettier-ignore
          const stable = pairs.map((pair, i) => ({ pair, i })).sort((a, b) => b.pair[0] - a.pair[0] || a.i - b.i); // prettier-ignore
          expect(await data.sortBy(([k]) => k, { descending: true }).toArray().run(options)).toEqual(stable.map(({ pair }) => pair)); // prettier-ignore
          const joined = [...groups].flatMap(([k, vs]) => vs.flatMap((v) => (otherGroups.get(k) ?? []).map((w) => `${k}${v}${w}`))); // prettier-ignore
          // Lists in memory are looked up; behind a verb they are shuffled.
          const shuffled = data.filter(() => true).join(from(others).filter(() => true)); // prettier-ignore
          for (const join of [data.join(from(others)), shuffled]) {
            const joins = await join.map(([k, [v, w]]) => `${k}${v}${w}`).toArray().run(options); // prettier-ignore
            expect(joins.sort()).toEqual(joined.sort());
          }
          const full = await data.fullJoin(from(others)).toArray().run(options);
          const lonely = (a: Map<number, string[]>, b: Map<number, string[]>): number =>
            [...a].reduce((total, [k, vs]) => total + (b.has(k) ? 0 : vs.length), 0);
          expect(full).toHaveLength(
            joined.length + lonely(groups, otherGroups) + lonely(otherGroups, groups),
          );
          const reduced = await mapReduce(left, { map: (n) => [[Math.abs(n % 5), n] as const], reduce: (_, values) => [...values].join() }, options); // prettier-ignore
          expect(reduced).toEqual(new Map([...grouped(left.map((n) => [Math.abs(n % 5), n] as const))].map(([k, v]) => [k, v.join()]))); // prettier-ignore
        },
      ),
      { numRuns: 12 },
    );
  });

  it('though a child dies at a random record', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer(), { minLength: 1, maxLength: 60 }),
        fc.nat(),
        chunkSize,
        fc.constantFrom(1, 2),
        fc.constantFrom('records', 'a fold', 'a keyed fold'),
        async (list, at, size, count, what) => {
          const mortals = (): Dataset<number> => {
            const marker = shared.fresh();
            return mortal(list.map((n, i) => ({ n, marker: i === at % list.length ? marker : undefined })));
          };
          const options = shared.options(count, { chunkSize: size });
          if (what === 'records') {
            expect(await mortals().toArray().run(options)).toEqual(list);
            return;
          }
          if (what === 'a fold') {
            const text = await mortals().map((n) => `${n};`).reduce((a, b) => a + b).run(options); // prettier-ignore
            expect(text).toBe(list.map((n) => `${n};`).join(''));
            return;
          }
          const keyed = await mortals().keyBy((n) => n % 3 === 0).mapValues((n) => `${n};`).reduceByKey((a, b) => a + b).toMap().run(options); // prettier-ignore
          const expected = [...grouped(list.map((n) => [n % 3 === 0, `${n};`] as const))];
          expect(keyed).toEqual(new Map(expected.map(([k, v]) => [k, v.join('')])));
        },
      ),
      { numRuns: 12 },
    );
  });

  it('bit for bit, in float sums, whatever the number of processes', async () => {
    const floats = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 80 });
    await fc.assert(
      fc.asyncProperty(floats, chunkSize, async (list, size) => {
        const results: unknown[] = [];
        for (const count of [0, 1, 2]) {
          const options = shared.options(count, { chunkSize: size });
          const source = from(list);
          results.push([
            await source.reduce((a, b) => a + b).run(options),
            await source.aggregate(sum).run(options),
            await source.aggregate(mean).run(options),
            await source.aggregate(variance).run(options),
            await source.keyBy(() => 1).reduceByKey((a, b) => a + b).toArray().run(options), // prettier-ignore
          ]);
        }
        expectSame(results[1], results[0]);
        expectSame(results[2], results[0]);
      }),
      { numRuns: 15 },
    );
  });

  it('and its partial results meet as one balanced tree, in input order', async () => {
    // The tree itself as the result: a function of the input and the chunks alone.
    const tree = (count: number, size: number): Promise<string> =>
      range(37).map((n) => `${n}`).reduce((a, b) => `(${a} ${b})`).run(shared.options(count, { chunkSize: size })); // prettier-ignore
    const depth = (text: string): number => {
      let [open, most] = [0, 0];
      for (const [character] of text.matchAll(/[()]/g)) {
        open += character === '(' ? 1 : -1;
        most = Math.max(most, open);
      }
      return most;
    };
    for (const size of [1, 4, 100]) {
      const trees = new Set([await tree(0, size), await tree(1, size), await tree(2, size)]);
      expect(trees.size).toBe(1);
      const [text] = [...trees] as [string];
      expect(text.match(/\d+/g)).toEqual(Array.from({ length: 37 }, (_, i) => `${i}`));
      expect(depth(text)).toBeLessThanOrEqual(7);
    }
  });
});

describe.each([0, 1, 2])('the edges of the input, in %d processes', (count) => {
  const inputs: [string, number[], number][] = [
    ['no item', [], 1],
    ['one item', [7], 1],
    ['fewer items than processes', [7], 5],
    ['a chunk larger than the input', [3, 1, 2], 1000],
    ['as many chunks as items', [3, 1, 2], 1],
  ];

  it.each(inputs)('%s: every action gives what it should', async (_, list, size) => {
    const options = shared.options(count, { chunkSize: size });
    const source = from(list);
    const total = list.reduce((a, b) => a + b, 0);
    expect(await source.toArray().run(options)).toEqual(list);
    expect(await source.map((n) => [n, -n] as const).toMap().run(options)).toEqual(new Map(list.map((n) => [n, -n]))); // prettier-ignore
    expect(await source.reduce((a, b) => a + b, 100).run(options)).toBe(total + 100);
    const bare = source.reduce((a, b) => a + b).run(options);
    await (list.length === 0
      ? expect(bare).rejects.toMatchObject({ code: 'ERR_FORKFOLD_EMPTY_REDUCE' })
      : expect(bare).resolves.toBe(total));
    expect(await source.aggregate(sum).run(options)).toBe(total);
    expect(await source.aggregate(max).run(options)).toBe(Math.max(...list));
    expect(await source.aggregate(topN(2, (n: number) => n)).run(options)).toEqual([...list].sort((a, b) => b - a).slice(0, 2)); // prettier-ignore
    expect(await source.count().run(options)).toBe(list.length);
    const seen: number[] = [];
    expect(await source.forEach((n) => void seen.push(n)).run(options)).toBeUndefined();
    expect(seen).toEqual(list);
    expect(await source.first().run(options)).toBe(list[0]);
    expect(await source.take(0).run(options)).toEqual([]);
    expect(await source.take(2).run(options)).toEqual(list.slice(0, 2));
    expect(await source.top(1, (n) => n).run(options)).toEqual(list.length === 0 ? [] : [Math.max(...list)]);
    const streamed: number[] = [];
    for await (const n of source.stream(options)) streamed.push(n);
    expect(streamed).toEqual(list);
    expect(await source.countByValue().toArray().run(options)).toHaveLength(list.length);
    expect(
      await source
        .sortBy((n) => n)
        .toArray()
        .run(options),
    ).toEqual([...list].sort((a, b) => a - b));
    expect(
      await source
        .keyBy((n) => n)
        .join(source.keyBy((n) => n))
        .count()
        .run(options),
    ).toBe(list.length);
    expect(await source.mapPartitions(function* (records) { yield [...records].length; }).reduce((a, b) => a + b, 0).run(options)).toBe(list.length); // prettier-ignore
  });

  it('an iterable of unknown length, empty or not, gives the same', async () => {
    for (const list of [[], [1], [1, 2, 3]]) {
      const options = shared.options(count);
      expect(await from(new Set(list)).toArray().run(options)).toEqual(list);
      const pairs = from(() => list.values()).keyBy((n) => n % 2);
      expect(
        (
          await pairs
            .reduceByKey((a, b) => a + b)
            .toMap()
            .run(options)
        ).get(0),
      ).toBe(list[1]);
    }
    expect(await range(0).count().run(shared.options(count))).toBe(0);
    expect(await range(5, 0, -2).toArray().run(shared.options(count))).toEqual([5, 3, 1]);
  });

  it('records of asynchronous verbs and sources reach mapPartitions as an iterable', async () => {
    const options = shared.options(count, { chunkSize: 2 });
    const lengths = await from([1, 2, 3])
      .mapAsync(async (n) => Promise.resolve(n))
      .mapPartitions((records) => [[...records].length])
      .toArray()
      .run(options);
    expect(lengths).toEqual([2, 1]);
  });
});
