import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPool, from, range, sum, topN, type Dataset, type Plan } from '@forkfold/core';
import { expectSame } from '../values/expect-same.js';
import { pipeEngine } from './pipe-engine.js';

const engine = pipeEngine(2);
const pool = createPool({ processes: 2 });
let tmpDir: string;
beforeAll(async () => {
  tmpDir = await mkdtemp(join(tmpdir(), 'pipe-test-'));
});
afterAll(async () => {
  await Promise.all([pool.close(), engine.close()]);
  await rm(tmpDir, { recursive: true });
});

/** The result must be the same, to the bit and in the same order, from either engine. */
async function expectEqual<R>(plan: Plan<R>, options = {}): Promise<R> {
  const local = await plan.run({ pool, tmpDir, ...options });
  const piped = await plan.run({ engine, ...options });
  expectSame(piped, local);
  return local;
}

/** By default a source is cut into as many chunks as it has records, up to a thousand: more records would only take longer. */
const pairs = range(400).map((n) => [`k${n % 97}`, 1 / (n + 1)] as [string, number]);
const odd = range(300).map((n): [unknown, Set<number>] => [
  n % 3 === 0 ? { n: n % 7, at: new Date(n % 5) } : n % 3 === 1 ? BigInt(n % 11) : n % 13,
  new Set([n]),
]);

describe('a second engine, of pipes alone, gives the very bytes of the local one', () => {
  it.each<[string, () => Plan<unknown>]>([
    ['toArray', () => range(300).filter((n) => n % 3 === 0).toArray()],
    ['take', () => range(2000).map((n) => n * 2).take(7)],
    ['count', () => range(300).flatMap((n) => [n, n]).count()],
    ['reduce of floats', () => range(2000).map((n) => 1 / (n + 1)).reduce((a, b) => a + b)],
    ['aggregate', () => pairs.map(([, x]) => x).aggregate(sum)],
    ['top', () => range(500).top(5, (n) => (n * 7919) % 5003)],
    ['reduceByKey of floats', () => pairs.reduceByKey((a, b) => a + b).toArray()],
    ['reduceByKey of sets by odd keys', () => odd.reduceByKey((a, b) => new Set([...a, ...b])).toArray()],
    ['aggregateByKey', () => pairs.aggregateByKey(topN(3, (x) => x)).toArray()],
    ['countByKey', () => pairs.countByKey().toArray()],
    ['countByValue', () => range(300).map((n) => n % 31).countByValue().toMap()],
    ['distinct', () => range(300).map((n) => `${n % 31}`).distinct().toArray()],
    ['groupByKey', () => pairs.groupByKey().toArray()],
    ['sortBy', () => range(500).map((n) => `${(n * 7919) % 3001}`).sortBy((text) => text).toArray()],
    ['sortBy, descending', () => pairs.sortBy(([, x]) => x, { descending: true }).toArray()],
    ['join', () => pairs.join(range(120).map((n) => [`k${n}`, n] as [string, number])).toArray()],
    ['leftJoin', () => pairs.sample(0.1, 3).leftJoin(range(50).map((n) => [`k${n}`, n] as [string, number])).toArray()],
    ['fullJoin', () => pairs.fullJoin(range(120).map((n) => [`k${n}`, n] as [string, number])).count()],
    ['cogroup', () => pairs.cogroup(range(50).map((n) => [`k${n}`, n] as [string, number])).toArray()],
    ['two shuffles', () => pairs.reduceByKey((a, b) => a + b).map(([k, x]) => [k.length, x] as [number, number]).reduceByKey((a, b) => a + b).toArray()],
    ['a reduce of what a shuffle gives', () => pairs.reduceByKey((a, b) => a + b).map(([, x]) => x).reduce((a, b) => a + b)],
    ['a union of a source and a shuffle', () => pairs.union(pairs.reduceByKey((a, b) => a + b)).reduceByKey((a, b) => a + b).toArray()],
    ['a sample of what a shuffle gives', () => pairs.groupByKey().sample(0.5, 11).mapValues((xs) => [...xs].length).toArray()],
    ['mapPartitions and mapAsync', () => range(200).mapAsync(async (n) => n + 1).mapPartitions((xs) => [[...xs].length]).toArray()],
    ['items of an iterable', () => from(new Set(Array.from({ length: 300 }, (_, n) => n))).map((n) => [n % 7, n] as [number, number]).reduceByKey((a, b) => a + b).toArray()],
  ])('%s', async (_, make) => {
    await expectEqual(make());
    await expectEqual(make(), { partitions: 5, chunkSize: 37 });
  }); // prettier-ignore

  it('writeText and writeJsonLines', async () => {
    const written = async (plan: (dir: string) => Plan<unknown>, options: object, name: string) => {
      const dir = join(tmpDir, name);
      await plan(dir).run(options);
      const names = (await readdir(dir)).sort();
      return Promise.all(names.map(async (file) => [file, await readFile(join(dir, file), 'utf8')]));
    };
    const text = (dir: string): Plan<unknown> =>
      range(500)
        .sortBy((n) => -n)
        .writeText(dir);
    const json = (dir: string): Plan<unknown> => pairs.reduceByKey((a, b) => a + b).writeJsonLines(dir);
    expect(await written(text, { engine }, 'text-piped')).toEqual(
      await written(text, { pool, tmpDir }, 'text'),
    );
    expect(await written(json, { engine }, 'json-piped')).toEqual(
      await written(json, { pool, tmpDir }, 'json'),
    );
  });

  it('a throw of the user’s is the same TaskError', async () => {
    const plan = range(100).map((n) => {
      if (n === 77) throw new RangeError('no 77');
      return n;
    });
    const messages = [{ pool, tmpDir }, { engine }].map((options) =>
      plan
        .count()
        .run(options)
        .catch((error: unknown) => String(error)),
    );
    const [local, piped] = await Promise.all(messages);
    expect(piped).toBe(local);
    expect(piped).toMatch(/^TaskError: map threw RangeError: no 77/);
  });
});

type Pairs = Dataset<readonly [number, number]>;
const steps: Record<string, (given: Pairs) => Pairs> = {
  map: (given) => given.map(([k, v]): [number, number] => [(k * 7) % 23, v / 3 + 0.1]),
  filter: (given) => given.filter(([k]) => k % 5 !== 0),
  flatMap: (given) => given.flatMap(([k, v]): [number, number][] => [[k, v], [k + 1, v]]), // prettier-ignore
  sample: (given) => given.sample(0.7, 5),
  reduceByKey: (given) => given.reduceByKey((a, b) => a + b),
  aggregateByKey: (given) => given.aggregateByKey(sum),
  groupByKey: (given) => given.groupByKey().mapValues((values) => [...values].reduce((a, b) => a - b / 7, 0)),
  distinct: (given) => given.distinct(([k]) => k % 40),
  countByKey: (given) => given.countByKey(),
  sortBy: (given) => given.sortBy(([k, v]) => [k % 3, v]),
  union: (given) => given.union(range(40).map((n): [number, number] => [n, n / 9])),
  join: (given) => given.join(range(30).map((n): [number, number] => [n, n])).map(([k, [a, b]]): [number, number] => [k, a + b]),
}; // prettier-ignore
const ends: Record<string, (given: Pairs) => Plan<unknown>> = {
  toArray: (given) => given.toArray(),
  reduce: (given) => given.map(([, v]) => v).reduce((a, b) => a + b, 0.1),
  count: (given) => given.count(),
  first: (given) => given.first(),
};

it('random plans give the very bytes of the local engine', async () => {
  const plan = fc.record({
    verbs: fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 1, maxLength: 4 }),
    end: fc.constantFrom(...Object.keys(ends)),
    options: fc.record({
      chunkSize: fc.constantFrom(undefined, 7, 50),
      partitions: fc.constantFrom(undefined, 1, 3, 40),
    }),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ verbs, end, options }) => {
      const start: Pairs = range(300).map((n): [number, number] => [n % 53, 1 / (n + 1)]);
      const dataset = verbs.reduce((given, verb) => steps[verb]!(given), start);
      await expectEqual(ends[end]!(dataset), options);
    }),
    { numRuns: 25 },
  );
});
